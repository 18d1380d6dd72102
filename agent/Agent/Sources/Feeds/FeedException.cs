namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Why something of a feed cannot be read now, and what to do: a sentence for people.</summary>
sealed class FeedException(FeedFailure failure, string message, Exception? cause = null) : Exception(message, cause)
{
    public FeedFailure Failure => failure;
}

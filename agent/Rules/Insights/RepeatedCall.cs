namespace ClusterTrail.Rules.Insights;

/// <summary>What there is to count when a call comes again.</summary>
readonly record struct RepeatedCall(RateKey Kind, RateKey User, EventHashes Hashes, bool IsError)
{
    public bool IsCrowded => Kind.IsCrowded || User.IsCrowded;

    public bool IsNewlyWatched => Kind.IsNewlyWatched || User.IsNewlyWatched;
}

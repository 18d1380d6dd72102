namespace ClusterTrail.Operator.Model;

/// <summary>What is known of the anchors of a Trail's chains.</summary>
sealed record AnchorsView
{
    /// <summary>The bucket and prefix, for people.</summary>
    public required string Location { get; init; }

    /// <summary>How many chains have an anchor.</summary>
    public required int Chains { get; init; }

    /// <summary>What stands in the way, in one word and as a sentence.</summary>
    public Rejection? Problem { get; init; }
}

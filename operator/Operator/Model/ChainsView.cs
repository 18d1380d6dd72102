namespace ClusterTrail.Operator.Model;

/// <summary>What is known of the chains of digests of a Trail's agents.</summary>
sealed record ChainsView
{
    /// <summary>Null while there is no key.</summary>
    public string? OperatorKeyId { get; init; }

    public string? OperatorPublicKey { get; init; }

    /// <summary>Why no key can be enrolled, in one word and as a sentence.</summary>
    public Rejection? Problem { get; init; }

    /// <summary>Those of nodes of the cluster, by node and name.</summary>
    public IReadOnlyDictionary<(string Node, string Chain), ChainView> Chains { get; init; } =
        new Dictionary<(string, string), ChainView>();

    /// <summary>How many key records the archive does not have yet, of all chains.</summary>
    public int RecordsWaiting { get; init; }

    public ChainView? Of(string node, string chain) => Chains.GetValueOrDefault((node, chain));
}

/// <summary>The newest that is known of a chain.</summary>
/// <param name="EnrolledAt">When its key was enrolled.</param>
/// <param name="IsStored">Whether the archive has all its key records.</param>
sealed record ChainView(
    string Node, string Chain, string ChainId, long Sequence, string? Sha256, DateTimeOffset? Until, DateTimeOffset? NextBy,
    DateTimeOffset EnrolledAt, bool IsStored, MovedBack? MovedBack)
{
    /// <summary>The digest that the archive must have; without a hash: there is none.</summary>
    public required KnownDigest Head { get; init; }

    /// <summary>Since when digests wait for the sink; null: none does.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
}

/// <summary>A chain that went back, or forked.</summary>
/// <param name="Sequence">The digest that the agent named.</param>
/// <param name="At">When.</param>
sealed record MovedBack(long Sequence, string? Sha256, DateTimeOffset At);

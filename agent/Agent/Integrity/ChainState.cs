using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>Where a chain stands: its newest digest, and what the next one builds on.</summary>
sealed record ChainState
{
    public required string ChainId { get; init; }

    public required long Sequence { get; init; }

    /// <summary>What the newest digest is called in the archive.</summary>
    public required string Name { get; init; }

    /// <summary>Of its stored bytes.</summary>
    public required string Sha256 { get; init; }

    public required DigestReason Reason { get; init; }

    public required DateTimeOffset Until { get; init; }

    public DateTimeOffset? NextBy { get; init; }

    /// <summary>How long after it the next one is sealed, if nothing happens.</summary>
    public required int SpacingSeconds { get; init; }

    /// <summary>The key that signed it.</summary>
    public required string KeyId { get; init; }

    /// <summary>Since when this key signs.</summary>
    public required DateTimeOffset KeySince { get; init; }

    /// <summary>The key that it announces; null: the same goes on.</summary>
    public string? NextKeyId { get; init; }

    /// <summary>Whether the key that signs the next digest is kept elsewhere.</summary>
    public bool IsKeyElsewhere { get; init; }

    /// <summary>The last entry of the ledger that it says.</summary>
    public required long Through { get; init; }

    public required IReadOnlyDictionary<string, SourceMark> Sources { get; init; }

    /// <summary>Losses that are said again until a digest that says them is in the archive.</summary>
    public IReadOnlyList<CarriedLoss> Carried { get; init; } = [];

    /// <summary>Whether it is in the spool, or was.</summary>
    public required bool IsSpooled { get; init; }
}

/// <summary>How far a chain has named the batches of a source.</summary>
/// <param name="NewestSha256">The hash of the last one that it names; null when it names none.</param>
sealed record SourceMark(long NextSequence, string? NewestSha256);

/// <summary>A loss that may have been said only by digests that do not arrive.</summary>
/// <param name="Since">The digest that must arrive.</param>
sealed record CarriedLoss(long Since, LostBatches? Batches, LostDigest? Digest);

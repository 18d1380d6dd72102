namespace ClusterTrail.Verification.Objects;

/// <summary>How an object that a digest names was found.</summary>
enum ObjectState
{
    Unchanged,
    Missing,
    Changed,

    /// <summary>It begins as it must, and does not end there.</summary>
    Trailing,

    Unreadable,
}

using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Testing.Chains;

/// <summary>Something that an attacker does to the objects of a node.</summary>
/// <param name="Kind">What a verifier must call it.</param>
/// <param name="Count">How many it must count at least.</param>
public sealed record Manipulation(string Name, FindingKind Kind, Action<TwoNodes, int> Apply, long Count = 1)
{
    /// <summary>Other failures that follow from it.</summary>
    public IReadOnlyList<FindingKind> Consequences { get; init; } = [];

    /// <summary>Whether the other node goes on meanwhile.</summary>
    public bool TakesTime { get; init; }

    public override string ToString() => Name;
}

using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Selectors;

/// <summary>Whether there is room for one more kind of events of a rule set.</summary>
/// <remarks>
/// Guarantees: what TrailSelectors lack leaves half of the room to the Trail's own rules, and what one of them lacks leaves some to others.
/// </remarks>
/// <param name="set">Whose kind it is.</param>
struct PolicyRoom(RuleSet set)
{
    /// <summary>How many kinds of events are told apart, over all rules.</summary>
    public const int Most = 64;

    /// <summary>The same over the rules of all TrailSelectors.</summary>
    public const int MostAttached = 32;

    /// <summary>The same over the rules of one of them.</summary>
    public const int MostOfOne = 8;

    int all;
    int attached;
    int same;

    public readonly bool IsLeft => all < Most && (set.Namespace is null || (attached < MostAttached && same < MostOfOne));

    /// <summary>Counts a kind that is there.</summary>
    public void Take(RuleSet by)
    {
        all++;
        attached += by.Namespace is null ? 0 : 1;
        same += by.Name == set.Name ? 1 : 0;
    }
}

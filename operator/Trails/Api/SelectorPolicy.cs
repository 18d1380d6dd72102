using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

public enum SelectorPolicyFrom
{
    None,
    All,
    Selector,
}

public sealed record SelectorPolicy
{
    public SelectorPolicyFrom From { get; init; } = SelectorPolicyFrom.None;

    public LabelSelector? Selector { get; init; }
}

using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>A rule of an audit policy.</summary>
/// <param name="Of">The name of the rule set that it comes from.</param>
/// <param name="Rule">What the API server does; it has no conditions on fields.</param>
/// <param name="For">The detections that need it; empty for what selectors ask for.</param>
/// <param name="Reasons">Why it gives more than the rule that it comes from asks for; empty if it does not.</param>
public sealed record PolicyRule(string Of, SelectorRule Rule, IReadOnlyList<string> For, IReadOnlyList<string> Reasons);

using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>Requests of one verb and resource that arrive with less than a selector rule asks for.</summary>
/// <param name="RuleSet">The name of the rule's set.</param>
/// <param name="Rule">The rule's place in it, from 0.</param>
/// <param name="Resource">With its subresource.</param>
public sealed record Lacking(string RuleSet, int Rule, string Verb, string Group, string Resource, SelectorLevel Asked);

using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Rules.Tests;

/// <summary>Data to test with.</summary>
static class Some
{
    public static SelectorsFile Selectors(params SelectorRule[] rules) => new() { RuleSets = [new() { Name = "main", Rules = rules }] };
}

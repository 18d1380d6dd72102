using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

/// <summary>Data to test with.</summary>
static class Some
{
    public static Origin Origin { get; } = new("prod", "cp-1", "main");

    public static Position Position { get; } = new(new(0x0123456789abcdef, 0xfedcba9876543210), 4711);

    public static SelectorsFile Selectors(params SelectorRule[] rules) => new() { RuleSets = [new() { Name = "main", Rules = rules }] };

    /// <summary>A rule that fires on every event.</summary>
    public static DetectionRule Rule(string name = "some-rule") => new()
    {
        Name = name,
        Severity = DetectionSeverity.High,
        Group = "access",
        Description = "Something happened.",
        Match = new(),
    };

    /// <summary>Rules that no file changes.</summary>
    public static ReloadedFile<DetectionSet> InForce(TimeProvider time, params DetectionRule[] rules)
    {
        var set = new DetectionSet(rules);
        return new(null, set, (_, _) => set, _ => { }, time, NullLogger.Instance);
    }

    /// <summary>A selector that no file changes.</summary>
    public static ReloadedFile<Selector> Selecting(Selector selector, TimeProvider time) =>
        new(null, selector, (_, _) => selector, _ => { }, time, NullLogger.Instance);
}

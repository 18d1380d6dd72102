using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>What the agents of a Trail decide by, made ready; or what those of any would.</summary>
/// <param name="trail">The Trail's name; null if there is none.</param>
sealed class AgentRules(string? trail, SelectorsFile selectors, IReadOnlyList<DetectionRule> detections)
{
    static readonly SelectorsFile Everything =
        new() { RuleSets = [new() { Name = "everything", Rules = [new() { Level = SelectorLevel.RequestResponse }] }] };

    readonly AggregateKeyWriter keys = new();

    internal Selector Selector { get; } = new(selectors);

    internal DetectionSet Detections { get; } = new(detections);

    /// <summary>As in "selectors of Trail main".</summary>
    internal string Of => trail is null ? "" : $" of Trail {trail}";

    internal string? Trail => trail;

    internal static AgentRules OfNoTrail(DetectionsFile file, IReadOnlyList<string> only) =>
        new(null, Everything, Chosen(file.Effective(), only));

    internal static AgentRules OfTrail(AttachedTrail attached, IReadOnlyList<string> only) =>
        new(attached.Trail.Metadata.Name, attached.Selectors, Chosen(attached.Detections, only));

    /// <summary>How an agent records an event: what it cannot count it records.</summary>
    internal AuditLevel LevelOf(in AuditEvent audit) => Selector.Select(audit) switch
    {
        AuditLevel.Aggregate when !keys.TryWrite(audit, out _) => AuditLevel.Metadata,
        var level => level,
    };

    static IReadOnlyList<DetectionRule> Chosen(IReadOnlyList<DetectionRule> rules, IReadOnlyList<string> only) =>
        only.FirstOrDefault(name => rules.All(rule => rule.Name != name)) is { } unknown
            ? throw new TrailException(ExitCode.BadUsage,
                $"Rule {unknown} is not enabled, or does not exist; kubectl trail detections list shows the built-in rules")
            : [.. rules.Where(rule => only.Count == 0 || only.Contains(rule.Name))];
}

using System.Text.Json.Serialization;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Detections;

/// <summary>A rule that counts matching events as a security finding: docs/detections.md.</summary>
public sealed record DetectionRule
{
    /// <summary>The rule's name, a label of its metrics.</summary>
    public required string Name { get; init; }

    /// <summary>What the rule judges. The default is Audit.</summary>
    // Left out then: agents of a version before this field read the rules of a newer operator.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RuleSource Source { get; init; } = RuleSource.Audit;

    public required DetectionSeverity Severity { get; init; }

    /// <summary>What alerts are grouped by, such as <c>access</c>.</summary>
    public required string Group { get; init; }

    /// <summary>What happened when the rule fires, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>A URL that says what to do.</summary>
    public string? Runbook { get; init; }

    /// <summary>Such as <c>CIS-AWS:4.4</c> and <c>MITRE:T1609</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The name of the Falco rule that this one stands for.</summary>
    public string? Parity { get; init; }

    /// <summary>False: off until it is enabled. The default is true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The rule fires at the first of these stages of a request that arrives. The default is ResponseComplete.</summary>
    public IReadOnlyList<AuditStage> Stages { get; init; } = [AuditStage.ResponseComplete];

    public required Match Match { get; init; }

    public DetectionExceptions Exceptions { get; init; } = new();

    /// <summary>Only a burst fires. The default is none: every matching event does.</summary>
    public Threshold? Threshold { get; init; }
}

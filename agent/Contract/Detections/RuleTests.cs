using System.Text.Json.Nodes;

namespace ClusterTrail.Contract.Detections;

/// <summary>The tests of one rule: events, and what the rule must say of them.</summary>
public sealed record RuleTests
{
    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>audit.k8s.io/v1 events by a name for this file.</summary>
    public required IReadOnlyDictionary<string, JsonObject> Events { get; init; }

    /// <summary>Cases that make at least one finding.</summary>
    public IReadOnlyList<RuleTestCase> Fires { get; init; } = [];

    /// <summary>Cases that make none, and are evaluable.</summary>
    public IReadOnlyList<RuleTestCase> Silent { get; init; } = [];

    /// <summary>Cases of which the rule cannot judge any event.</summary>
    public IReadOnlyList<RuleTestCase> NotEvaluable { get; init; } = [];
}

/// <summary>Some events one after the other.</summary>
public sealed record RuleTestCase
{
    public required string Name { get; init; }

    /// <summary>Names of events; those of one repetition are stages of one request where they say so.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>A JSON merge patch (RFC 7396) of each event.</summary>
    public JsonObject? With { get; init; }

    /// <summary>The length, in bytes, to which the request URI of each event is padded. The default is its own.</summary>
    public int RequestUriBytes { get; init; }

    /// <summary>How often the events come. The default is 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>The time between two events. The default is 1.</summary>
    public int SecondsApart { get; init; } = 1;

    /// <summary>How many findings there must be. The default is at least one.</summary>
    public int? Findings { get; init; }
}

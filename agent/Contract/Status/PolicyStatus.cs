using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Status;

/// <summary>What the API server's audit policy leaves out of what selector rules ask for, as far as the events that arrive show it.</summary>
public sealed record PolicyStatus
{
    /// <summary>The most shortfalls that an agent reports.</summary>
    public const int MostShortfalls = 64;

    /// <summary>How long events have been held against the rules.</summary>
    public required double ObservedSeconds { get; init; }

    /// <summary>How many rules have something for which bodies must arrive.</summary>
    public required int Rules { get; init; }

    /// <summary>How many events such a rule was about; some count for several rules.</summary>
    public required long Events { get; init; }

    /// <summary>What arrives with too little, the most frequent first.</summary>
    public required IReadOnlyList<PolicyShortfall> Shortfalls { get; init; }

    /// <summary>How many events arrived with too little beside those.</summary>
    public required long Others { get; init; }

    /// <summary>Stages that do not arrive although others of the same requests do.</summary>
    public IReadOnlyList<MissingStage> MissingStages { get; init; } = [];
}

/// <summary>A stage that a rule records and the audit policy omits.</summary>
/// <param name="Rule">The rule's place in the Trail's own set, from 0.</param>
public sealed record MissingStage(int Rule, AuditStage Stage);

/// <summary>Events of one kind that arrive at a lower level than a rule asks for.</summary>
public sealed record PolicyShortfall
{
    /// <summary>The name of the rule's set.</summary>
    public required string RuleSet { get; init; }

    /// <summary>The rule's place in it, from 0.</summary>
    public required int Rule { get; init; }

    public required string Verb { get; init; }

    public required string Group { get; init; }

    /// <summary>With its subresource, such as <c>pods/status</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>The level at which the last of them arrived.</summary>
    public required SelectorLevel Arrives { get; init; }

    public required SelectorLevel Asked { get; init; }

    /// <summary>Whether the rule's conditions cannot be evaluated, so that it does not match; else only bodies are missing.</summary>
    public required bool Undecided { get; init; }

    /// <summary>Whether the API server cut the bodies out of the last of them, which was too large: no policy changes that.</summary>
    public bool Cut { get; init; }

    /// <summary>How many, since the first one.</summary>
    public required long Events { get; init; }
}

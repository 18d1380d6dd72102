using System.Text.Json.Serialization;

namespace ClusterTrail.Contract.Selectors;

/// <summary>What is recorded: the content of <c>selectors.json</c>.</summary>
/// <remarks>Each rule set is evaluated on its own and the highest level that one asks for wins, so a set can only add.</remarks>
public sealed record SelectorsFile
{
    public required IReadOnlyList<RuleSet> RuleSets { get; init; }
}

/// <summary>The rules of a Trail, or of one TrailSelector.</summary>
public sealed record RuleSet
{
    /// <summary>The set's name in messages: the Trail's, or a TrailSelector's as namespace/name.</summary>
    public required string Name { get; init; }

    /// <summary>The one namespace whose events this set may select. The default is all events.</summary>
    public string? Namespace { get; init; }

    /// <summary>Stages that no rule of this set selects.</summary>
    public IReadOnlyList<AuditStage> OmitStages { get; init; } = [];

    /// <summary>The rules in order: the first that matches gives the level; none means None.</summary>
    public required IReadOnlyList<SelectorRule> Rules { get; init; }
}

public enum AuditStage
{
    RequestReceived,
    ResponseStarted,
    ResponseComplete,
    Panic,
}

public enum SelectorLevel
{
    None,
    Metadata,
    Request,
    RequestResponse,
}

/// <summary>A <c>PolicyRule</c> of audit.k8s.io/v1 with the API server's semantics, and conditions on fields beside it.</summary>
/// <remarks>A rule is the AND of its parts; a list that is empty matches all.</remarks>
public sealed record SelectorRule
{
    public required SelectorLevel Level { get; init; }

    /// <summary>Whether matching events are counted in five-minute roll-ups, in place of records of their own. Needs level Metadata.</summary>
    // Agents that do not know the field refuse it.
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Aggregate { get; init; }

    /// <summary>Authenticated users, never impersonated ones.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>Groups, of which the authenticated user is in one.</summary>
    public IReadOnlyList<string> UserGroups { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = [];

    public IReadOnlyList<GroupResources> Resources { get; init; } = [];

    /// <summary>Namespaces; the empty string means what is in none.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Paths that name no resource: exact, or with one * at the end.</summary>
    public IReadOnlyList<string> NonResourceURLs { get; init; } = [];

    public IReadOnlyList<AuditStage> OmitStages { get; init; } = [];

    /// <summary>Conditions on any field of the event; all must hold.</summary>
    public IReadOnlyList<FieldCondition> Fields { get; init; } = [];
}

/// <summary>Resources of one API group.</summary>
public sealed record GroupResources
{
    /// <summary>The group without a version; the empty string is core, * is any.</summary>
    public string Group { get; init; } = "";

    /// <summary>pods, pods/log, */scale, pods/* or *. Empty means all of the group.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>Names of objects; they need resources.</summary>
    public IReadOnlyList<string> ResourceNames { get; init; } = [];
}

/// <summary>CloudTrail's operators of advanced event selectors, and more.</summary>
public enum FieldOperator
{
    Equals,
    NotEquals,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
    Exists,
    InCIDR,
    Matches,

    /// <summary>The values are paths, which start at the event: compared is with what is there.</summary>
    EqualsField,
    NotEqualsField,

    /// <summary>The value is a number of bytes: the text has more, in UTF-8.</summary>
    LongerThan,

    /// <summary>Such as what a merge patch takes away.</summary>
    IsNull,
}

/// <summary>A condition on the values at a path.</summary>
/// <remarks>
/// It holds if any value at the path satisfies the operator with any of <see cref="Values"/>; the Not operators hold if none does.
/// A condition on a body (requestObject, responseObject) that the event's level leaves out holds never, whatever the operator.
/// </remarks>
public sealed record FieldCondition
{
    /// <summary>A path such as <c>user.groups[*]</c>, <c>sourceIPs[0]</c> or <c>annotations["authorization.k8s.io/decision"]</c>.</summary>
    public required string Path { get; init; }

    public required FieldOperator Operator { get; init; }

    /// <summary>What to compare with. Exists takes none, or one of "true" and "false".</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}

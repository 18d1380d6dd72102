namespace ClusterTrail.Rules.Aggregates;

/// <summary>What the events of a row have in common, beside the window and whether they were about an object.</summary>
enum AggregatePart
{
    Stage,
    UserName,
    ImpersonatedUserName,
    Verb,
    ApiGroup,
    Resource,
    Subresource,
    Namespace,

    /// <summary>Of a request without an object, without its query.</summary>
    Path,
    StatusCode,
    StatusReason,
    SourceAddress,

    /// <summary>The user agent's product, without its version.</summary>
    UserAgent,
}

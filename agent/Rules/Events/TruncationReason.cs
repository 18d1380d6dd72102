namespace ClusterTrail.Rules.Events;

/// <summary>Why an event could not be taken as it was.</summary>
enum TruncationReason
{
    /// <summary>Its line is longer than <c>maxEventBytes</c>.</summary>
    LongerThanMaxEventBytes,

    /// <summary>Its values are nested deeper than <see cref="JsonIndex.MaxDepth"/>.</summary>
    NestedTooDeep,

    /// <summary>It has bytes that are not UTF-8: a client sent them, and the API server passes a patch on as it came.</summary>
    NotUtf8,

    /// <summary>Nothing was cut: what should be there nobody knows.</summary>
    NotKnown,
}

namespace ClusterTrail.Contract.Detections;

/// <summary>How many matching events in how long make a finding.</summary>
public sealed record Threshold
{
    /// <summary>2 to 10,000.</summary>
    public required int Count { get; init; }

    /// <summary>1 to 3,600 seconds of event time, from the first event on.</summary>
    public required int WindowSeconds { get; init; }

    /// <summary>At most three paths; events with the same values there are counted together. The default is all together.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>Counted are the different values at this path, and not the events. The default is the events.</summary>
    public string? Distinct { get; init; }

    /// <summary>
    /// What may stand in <see cref="By"/> and <see cref="Distinct"/>: its values are few. <c>sourceIPAddress</c> is the last of sourceIPs,
    /// the only one that a client cannot make up.
    /// </summary>
    public static IReadOnlyList<string> AllowedBy { get; } =
    [
        "user.username", "impersonatedUser.username", "sourceIPAddress", "verb", "objectRef.apiGroup", "objectRef.resource",
        "objectRef.subresource",
        "objectRef.namespace", "objectRef.name", "responseStatus.code",
    ];
}

namespace ClusterTrail.Trails.Manifests;

/// <summary>What the objects of a Trail's agents depend on, beside the Trail and its files.</summary>
public sealed record AgentInputs
{
    /// <summary>The operator's namespace, which all objects are in.</summary>
    public required string Namespace { get; init; }

    /// <summary>The agents' image, unless the Trail names another.</summary>
    public required string Image { get; init; }

    /// <summary>The operator's version, as a label. The default is none.</summary>
    public string? Version { get; init; }

    /// <summary>
    /// A hash of the recipients and authorities that the Trail names: agents read them at the start, so a change replaces the pods.
    /// </summary>
    /// <remarks>Secrets and rule files are not part of it: agents reload them.</remarks>
    public string? ReferencesHash { get; init; }

    /// <summary>Who may connect to the telemetry port, as peers of a NetworkPolicy in JSON: the operator, and who scrapes. The default is
    /// everyone.</summary>
    public string? TelemetryPeers { get; init; }

    /// <summary>Whether the cluster knows PodMonitors and is to get one.</summary>
    public bool PodMonitors { get; init; }
}

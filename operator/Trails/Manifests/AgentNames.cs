namespace ClusterTrail.Trails.Manifests;

/// <summary>What the objects of a Trail's agents are called.</summary>
public sealed record AgentNames(string Trail)
{
    /// <summary>The port of an agent's container at which it serves its status.</summary>
    public const string TelemetryPort = "telemetry";

    /// <summary>The port at which it receives the events of API servers.</summary>
    public const string ReceiverPort = "audit";

    /// <summary>Pods of a StatefulSet have a label with its name and more, of 63 characters at most.</summary>
    public const int LongestOfCollected = 52 - 13;

    static readonly string[] Ends = ["", "-apiserver", "-workloads", "-status-key", "-receiver", "-admission"];

    /// <summary>
    /// The name of all objects of which a Trail has one: ServiceAccount, ConfigMap, NetworkPolicy, PodMonitor, StatefulSet.
    /// </summary>
    public string Shared => $"clustertrail-{Trail}";

    /// <summary>The Secret with the key by which agents sign what they answer.</summary>
    public string StatusKey => $"{Shared}-status-key";

    /// <summary>The agents on control-plane nodes.</summary>
    public string DaemonSet => $"{Shared}-apiserver";

    /// <summary>The StatefulSet of the one agent that reads for all API servers.</summary>
    public string StatefulSet => Shared;

    /// <summary>The claim of its volume, which Kubernetes makes and nobody deletes.</summary>
    public string Claim => $"{AgentStatefulSet.Volume}-{StatefulSet}-0";

    /// <summary>The Service at which API servers reach it.</summary>
    public string Receiver => $"{Shared}-receiver";

    /// <summary>The agents of a role.</summary>
    public string DaemonSetOf(AgentRole role) => $"{Shared}-{role.Component()}";

    /// <summary>The files of the agents of a role.</summary>
    public string ConfigMap(AgentRole role) => role == AgentRole.ApiServer ? Shared : DaemonSetOf(role);

    /// <summary>The Trails that would have an object of this name.</summary>
    public static IEnumerable<string> TrailsWith(string name)
    {
        const string prefix = "clustertrail-";
        return name.StartsWith(prefix, StringComparison.Ordinal)
            ? Ends.Where(name.EndsWith).Select(end => name[prefix.Length..^end.Length])
            : [];
    }

    /// <summary>Whether objects of that name would be those of the chart itself. The API server rejects these too.</summary>
    public static bool IsReserved(string trail) => trail is "operator" or "dashboards" or "verifier";
}

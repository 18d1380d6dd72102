using System.Text.Json.Nodes;

namespace ClusterTrail.Trails.Api;

/// <summary>How agents of workloads differ from those of the control plane. The rest is in <see cref="AgentSpec"/>.</summary>
public sealed record WorkloadAgentSpec
{
    public string StateDirectory { get; init; } = "/var/lib/clustertrail-workloads";

    public JsonObject? Resources { get; init; }

    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    public JsonArray? Tolerations { get; init; }

    public string? PriorityClassName { get; init; }

    /// <summary>Whether agents may use CAP_SYS_ADMIN, which kernels before 5.8 have in place of BPF and PERFMON.</summary>
    public bool SysAdmin { get; init; }

    /// <summary>The folder of Docker's containers on the nodes; null where links to logs are not followed.</summary>
    public string? DockerContainers { get; init; }

    /// <summary>How many programs a second are recorded of one container.</summary>
    public int ProcessesPerSecond { get; init; } = 1000;
}

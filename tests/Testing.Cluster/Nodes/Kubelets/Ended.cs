using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>One run of a container that is over.</summary>
sealed record Ended(PodExit Exit, DateTimeOffset StartedAt, DateTimeOffset At)
{
    public JsonObject ToJson() => new()
    {
        ["exitCode"] = Exit.Code,
        ["reason"] = Exit.Reason,
        ["startedAt"] = Texts.Time(StartedAt),
        ["finishedAt"] = Texts.Time(At),
    };
}

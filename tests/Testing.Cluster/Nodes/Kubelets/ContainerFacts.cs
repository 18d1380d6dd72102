using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>What a kubelet knows of a container. At most one of waiting, running and ended is there.</summary>
sealed record ContainerFacts
{
    public static ContainerFacts Created { get; } = new() { Waiting = Waiting.Creating };

    public Waiting? Waiting { get; init; }

    public DateTimeOffset? RunningSince { get; init; }

    public Ended? Ended { get; init; }

    public Ended? LastEnded { get; init; }

    public int Restarts { get; init; }

    public bool IsStarted { get; init; }

    public bool IsReady { get; init; }

    public ContainerFacts Waits(Waiting why) =>
        this with { Waiting = why, RunningSince = null, Ended = null, LastEnded = Ended ?? LastEnded, IsStarted = false, IsReady = false };

    public ContainerFacts Runs(DateTimeOffset now) =>
        this with { Waiting = null, RunningSince = now, Ended = null, LastEnded = Ended ?? LastEnded };

    public ContainerFacts Ends(PodExit exit, DateTimeOffset now) =>
        this with { Waiting = null, RunningSince = null, Ended = new(exit, RunningSince ?? now, now), IsStarted = false, IsReady = false };

    public JsonObject State()
    {
        if (Waiting is { } waiting)
            return new() { ["waiting"] = Reason(waiting) };
        if (Ended is { } ended)
            return new() { ["terminated"] = ended.ToJson() };
        return new() { ["running"] = new JsonObject { ["startedAt"] = Texts.Time(RunningSince!.Value) } };
    }

    static JsonObject Reason(Waiting waiting) => waiting.Message is { } message
        ? new() { ["reason"] = waiting.Reason, ["message"] = message }
        : new() { ["reason"] = waiting.Reason };
}

using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Judging;

/// <summary>Why an agent's container does not run, and what to do. Pure.</summary>
/// <param name="Reason">
/// One CamelCase word, the same for as long as the trouble lasts, whatever the kubelet calls it from one attempt to the next.
/// </param>
sealed record PodTrouble(string Reason, string Message)
{
    static readonly string[] OfImages =
    [
        "ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError", "RegistryUnavailable",
    ];

    /// <returns>Null when it runs, or may do so in a moment.</returns>
    public static PodTrouble? Of(AgentView agent, DateTimeOffset now)
    {
        if (agent.IsTerminating)
            return null;
        if (agent.Pod.Status is { Phase: "Failed" } failed)
            return new(failed.Reason ?? "PodFailed",
                $"The pod failed: {failed.Message ?? "the kubelet does not say why"}. Its controller creates another.");
        if (Unscheduled(agent) is { } unscheduled)
            return unscheduled;
        return agent.Container switch
        {
            { State.Waiting: { Reason: { } reason } waiting } when OfImages.Contains(reason) => OfImage(agent, waiting),
            { State.Waiting.Reason: "CrashLoopBackOff" } or { State.Terminated: not null } => OfCrash(agent),
            { State.Running: not null, LastState.Terminated: { } last } when IsCrashing(agent, last, now) => OfCrash(agent),
            { State.Waiting: { Reason: { } reason } waiting } when reason is not ("ContainerCreating" or "PodInitializing") =>
                new(TrailConditions.Word(reason), waiting.Message ?? $"The kubelet gives no details; {Describe(agent)}."),
            { State.Running: not null } => OfProbe(agent, now),
            _ => OfStart(agent, now),
        };
    }

    static PodTrouble? Unscheduled(AgentView agent) =>
        agent.Pod.Status?.Conditions?.FirstOrDefault(
            condition => condition is { Type: "PodScheduled", Status: "False" }) is { Reason: not "SchedulingGated" } condition
            ? new("Unschedulable", $"The pod cannot be scheduled: {condition.Message}")
            : null;

    // The kubelet alternates between two reasons, of which one says less; its Event says all.
    static PodTrouble OfImage(AgentView agent, V1ContainerStateWaiting waiting)
    {
        var cause = agent.Warning is { Reason: "Failed", Note: { } note } && note.Contains("pull", StringComparison.Ordinal)
            ? note
            : waiting.Message;
        return new(
            "ImagePullFailed",
            $"The image {agent.Container?.Image} cannot be pulled. Push it, or correct spec.agent.image, "
                + "spec.agent.imagePullSecrets or the chart's "
                + $"image.registry.{(string.IsNullOrEmpty(cause) ? "" : $" The kubelet said: {Sentence.Of(cause!)}")}");
    }

    // Who was not ready when it ended, and has not been since, has not recovered, however long it runs before it ends again.
    static bool IsCrashing(AgentView agent, V1ContainerStateTerminated last, DateTimeOffset now) =>
        now - last.FinishedAt < GracePeriods.Crash || (!agent.IsReady && agent.ChangedAt <= last.FinishedAt);

    static PodTrouble OfCrash(AgentView agent)
    {
        var ended = agent.Container!.State?.Terminated ?? agent.Container.LastState?.Terminated;
        if (ended?.Reason == "OOMKilled")
            return new("OutOfMemory",
                "The agent was killed because it used more memory than its limit. "
                    + $"Raise {(agent.Role == AgentRole.Workloads ? "spec.workloadAgent" : "spec.agent")}.resources.limits.memory.");
        var said = ended?.Message?.Trim() is { Length: > 0 } message ? $" It said: {Sentence.Of(message)}" : "";
        return new(
            "AgentCrashes",
            $"The agent ended with exit code {Code(ended?.ExitCode)} and restarts.{said} For its log: "
                + $"kubectl logs -n {Namespace(agent)} {agent.Pod.Metadata.Name} --previous.");
    }

    static string Code(int? code) => code switch
    {
        null => "unknown",
        2 => "2 (invalid configuration)",
        var other => $"{other}",
    };

    // Ready is about the process, not about the sink: an agent that is not ready for long is blocked.
    static PodTrouble? OfProbe(AgentView agent, DateTimeOffset now) => agent.IsReady || now - agent.ChangedAt < GracePeriods.Restart
        ? null
        : new(
            "AgentNotReady",
            agent.Warning is { Reason: "Unhealthy", Note: { } note }
                ? $"The agent runs and is not ready: {note}"
                : $"The agent runs and is not ready; {Describe(agent)}.");

    static PodTrouble? OfStart(AgentView agent, DateTimeOffset now)
    {
        if (now - agent.Pod.Metadata.CreationTimestamp < GracePeriods.Start)
            return null;
        return agent.Warning is { Reason: { } reason, Note: { } note }
            ? new(TrailConditions.Word(reason == "FailedMount" ? "MountFailed" : reason),
                $"{note}{(note.Contains("hostPath type check failed", StringComparison.Ordinal) ? Folder(agent) : "")}")
            : new("PodStarting",
                $"The pod has been starting since {agent.Pod.Metadata.CreationTimestamp:yyyy-MM-ddTHH:mm:ssZ}; {Describe(agent)}.");
    }

    static string Folder(AgentView agent) => agent.Role == AgentRole.Workloads
        ? ". The node's kubelet keeps its pods' logs in another folder, which is not supported: leave the node out with "
            + "spec.workloadAgent.nodeSelector."
        : LogFolder;

    const string LogFolder =
        ". The node does not have the folder of spec.sources.apiServer.logFile.path: set the path to kube-apiserver's --audit-log-path, "
            + "or give kube-apiserver that flag.";

    static string Describe(AgentView agent) => $"kubectl describe pod -n {Namespace(agent)} {agent.Pod.Metadata.Name} says more";

    static string Namespace(AgentView agent) => agent.Pod.Metadata.NamespaceProperty ?? "";
}

using ClusterTrail.Operator.Judging;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class AvailableConditionTests
{
    const string Available = AvailableCondition.Type;

    [Fact]
    public void BeforeItIsScheduledNobodyKnows() =>
        Expected.Condition(Some.View() with { Set = null }, Available, "Unknown", "NotScheduled", "not scheduled yet");

    [Theory]
    [InlineData("ErrImagePull", "")]
    [InlineData("ImagePullBackOff", "Back-off pulling image \"agent:1\"")]
    [InlineData("InvalidImageName", "couldn't parse image name")]
    public void AnImageThatCannotBePulledIsOneTroubleWhateverTheKubeletCallsIt(string reason, string message) => Expected.Condition(
        Some.View().With(Waiting(reason, message)), Available, "False", "ImagePullFailed",
        "0 of 1 agents are available. On cp-1: The image agent:1 cannot be pulled. Push it");

    [Fact]
    public void WhyAnImageCannotBePulledIsTakenFromTheEvent() => Expected.Condition(
        Some.View().With(Waiting("ImagePullBackOff", "Back-off pulling image")).With(agent =>
            agent with { Warning = Warning("Failed", "Failed to pull image \"agent:1\": 401 Unauthorized") }),
        Available, "False", "ImagePullFailed", "401 Unauthorized");

    [Fact]
    public void AnAgentThatNeedsMoreMemorySaysSoWhateverHidesIt() => Expected.Condition(
        Some.View().With(
            Waiting("CrashLoopBackOff", "back-off 40s") with
            {
                RestartCount = 4,
                LastState = new() { Terminated = new() { Reason = "OOMKilled", ExitCode = 137 } },
            }),
        Available, "False", "OutOfMemory", "Raise spec.agent.resources.limits.memory.");

    [Fact]
    public void AnAgentThatEndsSaysWhatItSaid() => Expected.Condition(
        Some.View().With(
            Waiting("CrashLoopBackOff", "back-off 40s") with
            {
                LastState = new() { Terminated = new() { Reason = "Error", Message = "agent.json: batch.maxBytes is 1.", ExitCode = 2 } },
            }),
        Available, "False", "AgentCrashes",
        "ended with exit code 2 (invalid configuration) and restarts. It said: agent.json: batch.maxBytes is 1. For its log: "
            + "kubectl logs -n clustertrail-system agent-main-cp-1 --previous.");

    [Fact]
    public void AnAgentThatRunsForAMomentBetweenTwoCrashesIsStillCrashing()
    {
        var running = Some.Running with
        {
            RestartCount = 3,
            LastState = new()
            {
                Terminated = new() { Reason = "Error", ExitCode = 134, FinishedAt = Some.Noon.AddSeconds(-20).UtcDateTime },
            },
        };

        Expected.Condition(Some.View().With(running), Available, "False", "AgentCrashes", "exit code 134");
        Expected.Condition(
            Some.View().With(agent => agent with { Pod = Pod(running) }) with { Now = Some.Noon.AddMinutes(3) }, Available, "True",
            "AllAvailable", "available", ready: "Recording");
    }

    [Fact]
    public void AFolderThatTheNodeDoesNotHaveIsTold() => Expected.Condition(
        Some.View().With(Waiting("ContainerCreating", null)).With(agent => agent with
        {
            Warning = Warning("FailedMount",
                "MountVolume.SetUp failed for volume \"log\" : hostPath type check failed: /var/log/audti is not a directory"),
        }),
        Available, "False", "MountFailed", "set the path to kube-apiserver's --audit-log-path");

    [Fact]
    public void APodThatHasJustBeenMadeIsGivenAMoment()
    {
        var view = Some.View().With(Waiting("ContainerCreating", null)).With(agent => agent with
        {
            Warning = Warning("FailedMount", "configmap not found"),
            Pod = agent.Pod with { Metadata = agent.Pod.Metadata with { CreationTimestamp = Some.Noon.AddSeconds(-10).UtcDateTime } },
        });

        Expected.Condition(view, Available, "Unknown", "Starting", "The others start: cp-1.");
    }

    [Fact]
    public void APodThatNobodyExplainsIsNamed() => Expected.Condition(
        Some.View().With(Waiting("ContainerCreating", null)), Available, "False", "PodStarting",
        "kubectl describe pod -n clustertrail-system agent-main-cp-1");

    [Fact]
    public void AnAgentThatStandsStillIsNotReady() => Expected.Condition(
        Some.View().With(Some.Running with { Ready = false }).With(agent =>
            agent with { Warning = Warning("Unhealthy", "Readiness probe failed: The apiserver loop has not moved for 130 s.") }),
        Available, "False", "AgentNotReady", "has not moved");

    [Fact]
    public void APodOnANodeThatIsAwayIsNotJudged() => Expected.Condition(
        Some.View() with
        {
            Nodes =
            [
                Some.NodeView("cp-1"),
                Some.NodeView("cp-2") with
                {
                    Node = Some.Node("cp-2", ready: "Unknown"),
                    Agent = new(Pod(Some.Running with { Ready = false }), null),
                },
            ],
        },
        Available, "True", "AllAvailable", "The agent is available.", ready: "NodeNotReady");

    static V1ContainerStatus Waiting(string reason, string? message) =>
        new() { Name = "agent", Image = "agent:1", State = new() { Waiting = new() { Reason = reason, Message = message } } };

    static V1Pod Pod(V1ContainerStatus container) =>
        Some.Pod("cp-1") with { Status = new() { Phase = "Running", PodIP = "127.0.0.1", ContainerStatuses = [container] } };

    static Eventsv1Event Warning(string reason, string note) =>
        new() { Metadata = new() { Name = "e" }, Type = "Warning", Reason = reason, Note = note };
}

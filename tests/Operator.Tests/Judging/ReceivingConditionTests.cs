using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class ReceivingConditionTests
{
    const string Receiving = ReceivingCondition.Type;

    [Fact]
    public void AStoppedTrailSaysSoOnceItsAgentsHaveStopped()
    {
        var stopped = Stopped(Some.View());

        Expected.Condition(stopped, Receiving, "True", "Stopping", "still read on cp-1", ready: "Recording");
        Expected.Condition(stopped.With(status => status.With(SourceState.Stopped)), Receiving, "False", "LoggingOff",
            "spec.logging is false: agents deliver the batches that they hold");
    }

    [Fact]
    public void ATrailThatIsBeingDeletedSaysWhatItsAgentsDo()
    {
        var trail = Some.Trail();
        var deleted =
            Some.View() with { Trail = trail with { Metadata = trail.Metadata with { DeletionTimestamp = Some.Noon.UtcDateTime } } };

        Expected.Condition(deleted, Receiving, "True", "Stopping", "The Trail is being deleted, and agents still read", ready: "Recording");
        Expected.Condition(deleted.With(status => status.With(SourceState.Stopped)), Receiving, "False", "LoggingOff",
            "The Trail is being deleted: agents deliver");
    }

    [Fact]
    public void AgentsThatDoNotReadAgainYetAreNamed() =>
        Expected.Condition(Some.View().With(status => status.With(SourceState.Stopped)), Receiving, "Unknown", "Resuming", "cp-1");

    [Fact]
    public void ALogThatIsNotThereSaysWhichFlagsToGive() => Expected.Condition(
        Some.View().With(status => status.With(SourceState.Waiting)), Receiving, "False", "SourceWaiting",
        "--audit-log-path=/var/log/kubernetes/audit/audit.log");

    [Fact]
    public void AnAgentThatHasJustStartedIsNoNews()
    {
        var starting = Some.View().With(status => status.With(SourceState.Starting, "The agent has just started."));

        Expected.Condition(starting, Receiving, "Unknown", "NoAgents", "No agent reads yet on cp-1.");
        Expected.Condition(
            Some.View().After(TimeSpan.FromSeconds(20), starting), Receiving, "True", "ReadingLogs", "follow", ready: "Recording");
    }

    [Fact]
    public void ALogThatCannotBeReadIsTold() =>
        Expected.Condition(
            Some.View().With(status => status.With(SourceState.Failed, "Permission denied")), Receiving, "False", "SourceFailed",
            "On cp-1: Permission denied");

    [Fact]
    public void AnAgentThatHasNotAnsweredForLongIsTold()
    {
        var silent = Some.View().With((AgentView agent) =>
            agent with { Report = new(null, "http://10.0.0.1:9808/status does not answer.", Some.Noon) });

        Expected.Condition(silent, Receiving, "Unknown", "NoAgents", "No agent answers yet.");
        Expected.Condition(
            silent with { Now = Some.Noon.AddSeconds(45) }, Receiving, "Unknown", "AgentUnreachable",
            "The agent on cp-1 has not answered since 2026-11-22T12:00:00Z: http://10.0.0.1:9808/status does not answer. "
                + "If the agent runs, look for a NetworkPolicy");
    }

    [Fact]
    public void AnOperatorThatStartsAnewGoesOnWaitingForASilentAgent()
    {
        var seen = Some.View();
        var silent = seen.With((AgentView agent) => agent with { Report = new(null, "refused", Some.Noon.AddSeconds(10)) });
        var reported = seen.After(TimeSpan.FromSeconds(60), silent);

        var started = reported.After(TimeSpan.FromSeconds(20),
            silent.With((AgentView agent) => agent with { Report = new(null, "refused", Some.Noon.AddSeconds(79)) }));

        Expected.Condition(started, Receiving, "Unknown", "AgentUnreachable",
            "The agent on cp-1 has not answered since 2026-11-22T12:00:00Z: refused. If the agent runs");
    }

    [Fact]
    public void AnAgentThatDoesNotAnswerForAMomentIsNoNews()
    {
        var before = Some.View();
        var silent = before.With((AgentView agent) => agent with { Report = new(null, "refused", Some.Noon.AddSeconds(10)) });

        Expected.Condition(
            before.After(TimeSpan.FromSeconds(20), silent), Receiving, "True", "ReadingLogs", "All agents follow their logs.",
            ready: "Recording");
    }

    [Fact]
    public void AnOperatorThatHasJustStartedKeepsWhatWasKnown()
    {
        var before = Some.View();
        var notAsked = before.With((AgentView agent) => agent with { Report = null });

        Expected.Condition(
            before.After(TimeSpan.FromHours(1), notAsked), Receiving, "True", "ReadingLogs", "All agents", ready: "Recording");
    }

    [Fact]
    public void OneOfTwoThatIsReplacedIsNamed()
    {
        var before = Some.View() with { Nodes = [Some.NodeView("cp-1"), Some.NodeView("cp-2")] };
        var replaced = before with { Nodes = [Some.NodeView("cp-1"), Some.NodeView("cp-2") with { Agent = new(Some.Pod("cp-2"), null) }] };

        Expected.Condition(before.After(TimeSpan.FromSeconds(20), replaced), Receiving, "True", "ReadingLogs", "being replaced: cp-2.",
            ready: "Recording");
    }

    static TrailView Stopped(TrailView view) => view with { Trail = view.Trail with { Spec = view.Trail.Spec with { Logging = false } } };
}

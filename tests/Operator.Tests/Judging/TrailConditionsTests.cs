using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class TrailConditionsTests
{
    [Fact]
    public void ATrailWhoseAgentsRecordAndDeliverIsReady()
    {
        var verdicts = TrailConditions.Evaluate(Some.View());

        Assert.All(verdicts, verdict => Assert.True(verdict.Holds, verdict.Message));
        Assert.Equal(
            [
                "Ready", "Accepted", "Covered", "Available", "Receiving", "Delivering", "DeliveringAll", "SelectorsSynced", "Intact",
                "Complete", "PolicySufficient", "DetectionsEvaluable",
            ],
            verdicts.Select(verdict => verdict.Type));
    }

    [Fact]
    public void ASpecThatCannotBeUsedIsNotAcceptedAndSaysWhy() => Expected.Condition(
        Some.View() with { Problems = [new("SecretNotFound", "spec.sink.s3.credentials.secret names Secret a/b, which does not exist; create it.")] },
        "Accepted", "False", "SecretNotFound", "which does not exist; create it. Running agents keep the last valid configuration.");

    [Fact]
    public void ATrailThatIsBeingDeletedSaysForWhatItWaitsAndHowLong()
    {
        var trail = Some.Trail();
        var deleted = Some.View() with { Trail = trail with { Metadata = trail.Metadata with { DeletionTimestamp = Some.Noon.UtcDateTime } }, DeletionDeadline = Some.Noon.AddMinutes(5) };

        var ready = TrailConditions.Evaluate(deleted.With(status => status.With(SourceState.Stopped)))[0];

        Assert.Equal(
            "The Trail is being deleted. It waits until its agents have delivered their batches, until 2026-11-22T12:05:00Z at most. "
            + "The Trail is being deleted: agents deliver the batches that they hold and read nothing more.",
            ready.Message);
    }

    [Fact]
    public void ATrailThatRecordsNothingSaysSo()
    {
        var trail = Some.Trail();
        var nothing = Some.View() with { Trail = trail with { Spec = trail.Spec with { Selectors = [] } } };

        Expected.Condition(nothing, "Accepted", "True", "Valid", "Nothing is recorded: spec.selectors is an empty list", ready: "Recording");
        Expected.Condition(nothing with { AttachedSelectors = 1 }, "Accepted", "True", "Valid", "are valid.", ready: "Recording");
    }

    [Fact]
    public void ChangedSelectorsAreOnTheirWayAndTheTrailStaysReady() =>
        Expected.Condition(Some.View() with { SelectorsHash = "another" }, "SelectorsSynced", "Unknown", "Syncing", "0 of 1 agents", ready: "Recording");

    [Fact]
    public void RefusedSelectorsAreTold() => Expected.Condition(
        Some.View().With(status => status with { Selectors = status.Selectors with { LastError = "selectors.json: no." } }),
        "SelectorsSynced", "False", "SelectorsRefused", "selectors.json: no.");

    [Fact]
    public void ReadyNamesTheCauseAndNotItsEffect()
    {
        var view = Some.View().With(status => status.With(SourceState.Blocked, "The spool is full.") with
        {
            Sinks = [status.Sinks[0] with { LastError = new(Some.Noon, Some.Noon.AddMinutes(-5), "AccessDenied", "The user may not put objects.", 9) }],
        });

        Expected.Condition(view, "Receiving", "False", "SourceBlocked", "The spool is full.", ready: "AccessDenied");
    }

    [Fact]
    public void AReplacedAgentLeavesTheTrailAsItWas()
    {
        var before = Some.View();
        var away = before with { Nodes = [Some.Bare("cp-1")] };
        var starting = before.With(Some.Running with { Ready = false }).With(agent => agent with
        {
            Report = new(null, "connection refused", Some.Noon.AddSeconds(20)),
            Pod = agent.Pod with { Metadata = agent.Pod.Metadata with { Name = "agent-2", CreationTimestamp = Some.Noon.AddSeconds(15).UtcDateTime } },
        });
        var silent = before.With(status => status with { Sinks = [status.Sinks[0] with { LastDelivery = null, DeliveredBatches = 0 }] });

        Assert.All([before.After(TimeSpan.FromSeconds(10), away), before.After(TimeSpan.FromSeconds(25), starting), before.After(TimeSpan.FromSeconds(30), silent)], view =>
            Assert.Equal(("True", "Recording"), Ready(view)));
    }

    [Fact]
    public void AnAgentThatStaysAwayIsNoMoreReady()
    {
        var before = Some.View();
        var gone = before.After(TimeSpan.FromSeconds(1), before with { Nodes = [Some.Bare("cp-1")] });

        Assert.Equal(("True", "Recording"), Ready(gone));
        Assert.Equal(("False", "NoPod"), Ready(gone.After(TimeSpan.FromSeconds(46))));
    }

    static (string, string) Ready(TrailView view)
    {
        var ready = TrailConditions.Evaluate(view).Single(verdict => verdict.Type == TrailConditions.Ready);
        return (ready.Status, ready.Reason);
    }
}

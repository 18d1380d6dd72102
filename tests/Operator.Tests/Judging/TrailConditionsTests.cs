using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class TrailConditionsTests
{
    [Fact]
    public void ATrailWhoseAgentsRecordAndDeliverIsReady()
    {
        var verdicts = TrailConditions.Evaluate(Some.View());

        Assert.All(verdicts, verdict => Assert.True(verdict.Holds, verdict.Message));
        Assert.Equal(["Ready", "Accepted", "Available", "Receiving", "Delivering", "SelectorsSynced", "DetectionsEvaluable"], verdicts.Select(verdict => verdict.Type));
    }

    [Fact]
    public void ASpecThatCannotBeUsedIsNotAcceptedAndSaysWhy() => Expect(
        Some.View() with { Problems = [new("SecretNotFound", "spec.sink.s3.credentials.secret names Secret a/b, which does not exist; create it.")] },
        "Accepted", "False", "SecretNotFound", "which does not exist; create it. Agents that run go on as they were.");

    [Fact]
    public void BeforeItIsScheduledNobodyKnows() => Expect(Some.View() with { DaemonSet = null }, "Available", "Unknown", "NotScheduled", "not scheduled yet");

    [Fact]
    public void WithoutAMatchingNodeItSaysWhatToSet() => Expect(Some.View() with { DaemonSet = Some.Agents(0, 0) }, "Available", "False", "NoNodes", "set spec.agent.nodeSelector");

    [Fact]
    public void AnImageThatCannotBePulledIsTold() => Expect(
        Some.View() with
        {
            DaemonSet = Some.Agents(3, 2),
            Agents = [new(Some.Pod("cp-1") with { Status = new(ContainerStatuses: [new("agent", State: new(Waiting: new("ImagePullBackOff", "no such image")))]) }, null)],
        },
        "Available", "False", "ImagePullBackOff", "2 of 3 agents are available. On cp-1: ImagePullBackOff: no such image");

    [Fact]
    public void AStoppedTrailSaysSo()
    {
        var trail = Some.Trail();

        Expect(Some.View() with { Trail = trail with { Spec = trail.Spec with { Logging = false } } }, "Receiving", "False", "LoggingOff", "spec.logging is false");
    }

    [Fact]
    public void ALogThatIsNotThereSaysWhichFlagsToGive() => Expect(
        Some.View().With(status => status.With(SourceState.Waiting)),
        "Receiving", "False", "SourceWaiting", "--audit-log-path=/var/log/kubernetes/audit/audit.log");

    [Fact]
    public void ALogThatCannotBeReadIsTold() => Expect(
        Some.View().With(status => status.With(SourceState.Failed, "Permission denied")),
        "Receiving", "False", "SourceFailed", "On cp-1: Permission denied");

    [Fact]
    public void AnAgentThatDoesNotAnswerIsTold() => Expect(
        Some.View() with { Agents = [new(Some.Pod("cp-1"), new(null, "http://10.0.0.1:9808/status does not answer."))] },
        "Receiving", "Unknown", "AgentUnreachable", "10.0.0.1");

    [Fact]
    public void TheSinksErrorIsTheReasonAndSinceWhen() => Expect(
        Some.View().With(status => status with
        {
            Sinks = [status.Sinks[0] with { LastError = new(Some.Noon, Some.Noon.AddMinutes(-5), "SignatureDoesNotMatch", "The secret key is wrong.", 7) }],
        }),
        "Delivering", "False", "SignatureDoesNotMatch", "Since 2026-11-22T11:55:00Z the sink takes nothing from cp-1: SignatureDoesNotMatch: The secret key is wrong.");

    [Fact]
    public void AnErrorCodeThatIsNoWordStillMakesAReason() => Expect(
        Some.View().With(status => status with { Sinks = [status.Sinks[0] with { LastError = new(Some.Noon, Some.Noon, "503 Slow-Down", "m", 1) }] }),
        "Delivering", "False", "Error503SlowDown", "503 Slow-Down");

    [Fact]
    public void BeforeTheFirstDeliveryNobodyKnows() => Expect(
        Some.View().With(status => status with { Sinks = [status.Sinks[0] with { LastDelivery = null }] }),
        "Delivering", "Unknown", "NothingSent", "since it started");

    [Fact]
    public void SelectorsThatAreOnTheirWayAreTold() => Expect(
        Some.View() with { SelectorsHash = "another" }, "SelectorsSynced", "Unknown", "Syncing", "0 of 1 agents");

    [Fact]
    public void RefusedSelectorsAreTold() => Expect(
        Some.View().With(status => status with { Selectors = status.Selectors with { LastError = "selectors.json: no." } }),
        "SelectorsSynced", "False", "SelectorsRefused", "selectors.json: no.");

    static void Expect(TrailView view, string type, string status, string reason, string part)
    {
        var verdicts = TrailConditions.Evaluate(view);
        var verdict = verdicts.Single(verdict => verdict.Type == type);
        var ready = verdicts.Single(verdict => verdict.Type == TrailConditions.Ready);

        Assert.Equal((status, reason), (verdict.Status, verdict.Reason));
        Assert.Contains(part, verdict.Message, StringComparison.Ordinal);
        Assert.Equal((status, reason), (ready.Status, ready.Reason));
    }
}

using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Events;
using ClusterTrail.Testing;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Operator.Tests.Events;

public sealed class FindingEventsTests
{
    readonly SteppedTime time = new(Some.Noon);
    readonly InMemoryCluster cluster;
    readonly FindingEvents findings;

    public FindingEventsTests()
    {
        cluster = new(time);
        findings = new(new EventRecorder(cluster, "first", time, NullLogger<EventRecorder>.Instance), time);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AFindingIsAWarningOfItsTrail()
    {
        await TellAsync(Finding(1));

        var reported = Assert.Single(await EventsAsync());

        Assert.Equal(
            ("Warning", "Detected", "main", "Trail"), (reported.Type, reported.Reason, reported.Regarding!.Name, reported.Regarding.Kind));
        Assert.StartsWith("pod-exec (high): a finding on cp-1", reported.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoRulesInOneMomentAreTwoEvents()
    {
        findings.Know(Some.Trail(), [Some.Rule("pod-exec", DetectionSeverity.High), Some.Rule("other", DetectionSeverity.High)]);

        await TellAsync(Finding(1), Finding(1) with { Rule = "other" });

        Assert.Equal(2, (await EventsAsync()).Count);
    }

    [Fact]
    public async Task RulesThatTheTrailDoesNotHaveAreNoEvents()
    {
        await TellAsync([Finding(1), .. Enumerable.Range(0, 1000).Select(n => Finding(1) with { Rule = $"invented-{n}" })]);

        Assert.Single(await EventsAsync());
    }

    [Fact]
    public async Task VeryManyFindingsAreEventsAtTheTrailsPaceAndNoneIsForgotten()
    {
        var rules = Enumerable.Range(0, 40).Select(n => $"rule-{n}").ToList();
        findings.Know(Some.Trail(), [.. rules.Select(rule => Some.Rule(rule, DetectionSeverity.High))]);
        FindingsStatus[] found = [.. rules.Select(rule => Finding(1) with { Rule = rule })];

        await TellAsync(found);
        Assert.Equal(25, (await EventsAsync()).Count);
        time.Advance(TimeSpan.FromSeconds(15));
        await TellAsync(found);
        Assert.Equal(26, (await EventsAsync()).Count);
        time.Advance(TimeSpan.FromMinutes(4));
        await TellAsync(found);

        Assert.Equal(40, (await EventsAsync()).Count);
    }

    [Fact]
    public async Task AnEventThatCannotBeWrittenIsWrittenLater()
    {
        cluster.Fault = call => call.Type.Plural == "events" ? Refusal.Of(403, "Forbidden", "no") : null;
        await TellAsync(Finding(1));
        cluster.Fault = null;
        time.Advance(TimeSpan.FromSeconds(10));

        await TellAsync(Finding(2));

        Assert.StartsWith("pod-exec (high): 2 findings on cp-1", Assert.Single(await EventsAsync()).Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALongDescriptionIsCutToWhatTheServerTakes()
    {
        await TellAsync(Finding(1) with { Description = new string('界', 512) });

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(Assert.Single(await EventsAsync()).Note!), 990, 1024);
    }

    [Fact]
    public async Task ATrailOfTheSameNameIsAnother()
    {
        var trail = Some.Trail();
        await TellAsync(Finding(1));
        time.Advance(TimeSpan.FromMinutes(1));

        await findings.WriteAsync(
            trail with { Metadata = trail.Metadata with { Uid = "another" } }, [ReportedFindings.By("cp-1", time.GetUtcNow(), Finding(1))],
            Cancellation);

        Assert.Equal(["uid-main", "another"], (await EventsAsync()).Select(reported => reported.Regarding!.Uid));
    }

    static FindingsStatus Finding(long count) => ReportedFindings.PodExec(count, Some.Noon.AddSeconds(count), $"e{count}");

    Task TellAsync(params FindingsStatus[] found) =>
        findings.WriteAsync(Some.Trail(), [ReportedFindings.By("cp-1", Some.Noon, found)], Cancellation);

    async Task<IReadOnlyList<Eventsv1Event>> EventsAsync() =>
        (await cluster.ListAsync<Eventsv1Event>(ResourceType.Of<Eventsv1Event>(), new("default"), Cancellation)).Items;
}

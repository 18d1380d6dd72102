using System.Globalization;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Detections;

public sealed class DetectionEngineTests : IDisposable
{
    static readonly DetectionRule OfBody =
        Some.Rule("of-body") with { Match = new() { Fields = [new() { Path = "requestObject.a", Operator = FieldOperator.Exists }] } };
    static readonly DetectionRule Burst = Some.Rule("burst") with
    {
        Severity = DetectionSeverity.Low,
        Group = "abuse",
        Threshold = new() { Count = 2, WindowSeconds = 60, By = ["user.username"] },
    };

    readonly TemporaryFolder folder = new();
    readonly HurriedTime time = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly JsonIndex index = new();

    string File => folder.Join("detections.json");

    public void Dispose()
    {
        metrics.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void AWrongFileAtTheStartIsRefusedWithASentence()
    {
        System.IO.File.WriteAllText(File, """{ "rules": [{}] }""");

        var refusal = Assert.Throws<ConfigurationException>(() => New());

        Assert.Contains("rules[0].name is missing", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongFileLaterIsRefusedCountedAndToldAndWhatRunsGoesOn()
    {
        Write(Some.Rule());
        var engine = New();
        using var detector = engine.ForSource();
        var before = engine.Status;
        await System.IO.File.WriteAllTextAsync(File, """{ "rules": [{ "name": "A" }] }""", TestContext.Current.CancellationToken);

        await LookAsync(engine, () => engine.Status.LastError is not null);

        Assert.Equal((before.Hash, 1), (engine.Status.Hash, engine.Status.Rules));
        Assert.Contains("rules[0].severity is missing", engine.Status.LastError, StringComparison.Ordinal);
        Assert.Equal((1, 1), (Value("clustertrail_detections_reloads", "Accepted"), Value("clustertrail_detections_reloads", "Refused")));
        Assert.Single(Detect(detector, AuditLine.Of()));
    }

    [Fact]
    public async Task NewRulesAreInForceWithoutARestart()
    {
        Write(Some.Rule("before"));
        var engine = New();
        using var detector = engine.ForSource();
        var before = engine.Status.Hash;
        Write(Some.Rule("after"), OfBody);

        await LookAsync(engine, () => engine.Status.Hash != before);

        Assert.Equal((2, null), (engine.Status.Rules, engine.Status.LastError));
        Assert.Equal("after", Assert.Single(Detect(detector, AuditLine.Of())).Rule.Name);
        Assert.Equal(2, Value("clustertrail_detections_reloads", "Accepted"));
    }

    [Fact]
    public void TheStatusTellsWhatFiredWhenAndHowOften()
    {
        Write(Some.Rule("a"), Burst);
        var engine = New();
        using var one = engine.ForSource();
        using var other = engine.ForSource();

        Detect(one, AuditLine.Of());
        var last = Detect(other, AuditLine.Of(("stageTimestamp", "\"2026-11-22T06:00:00.000001Z\"")), offset: 7)[0];

        var found = Assert.Single(engine.Status.Findings);
        Assert.Equal(
            new FindingsStatus(
                "a", "high", "Something happened.", 2, DateTimeOffset.Parse("2026-11-22T06:00:00.000001Z", CultureInfo.InvariantCulture),
                last.EventId),
            found);
    }

    [Fact]
    public void EachRuleIsShownFromTheStartAndCountedWithItsLabels()
    {
        Write(Some.Rule("a"), Burst);
        using var detector = New().ForSource();
        var born = Page();

        Detect(detector, AuditLine.Of());
        Detect(detector, AuditLine.Of());
        var after = Page();

        Assert.Contains("clustertrail_detections_total{group=\"access\",rule=\"a\",severity=\"high\",trail=\"main\"} 0\n", born,
            StringComparison.Ordinal);
        Assert.Contains("clustertrail_detections_total{group=\"abuse\",rule=\"burst\",severity=\"low\",trail=\"main\"} 0\n", born,
            StringComparison.Ordinal);
        Assert.Contains("clustertrail_detections_not_evaluable_total{rule=\"a\"} 0\n", born, StringComparison.Ordinal);
        Assert.Contains("clustertrail_detection_windows_evicted_total{rule=\"burst\"} 0\n", born, StringComparison.Ordinal);
        Assert.DoesNotContain("clustertrail_detection_windows_evicted_total{rule=\"a\"}", born, StringComparison.Ordinal);
        Assert.DoesNotContain("clustertrail_detection_last_timestamp_seconds{", born, StringComparison.Ordinal);
        Assert.Contains("rule=\"a\",severity=\"high\",trail=\"main\"} 2\n", after, StringComparison.Ordinal);
        Assert.Contains("rule=\"burst\",severity=\"low\",trail=\"main\"} 1\n", after, StringComparison.Ordinal);
        Assert.Contains("clustertrail_detection_last_timestamp_seconds{rule=\"a\"} 1795325725.608\n", after, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsEvictedIsCounted()
    {
        Write(Burst);
        using var detector = New().ForSource();

        for (var user = 0; user < 1034; user++)
            Detect(detector, AuditLine.Of(("user", $$"""{"username":"user-{{user}}"}""")));

        Assert.Equal(10, Value("clustertrail_detection_windows_evicted", "burst"));
    }

    [Fact]
    public void AnErrorInARuleIsCountedAndKeepsNothingElseFromItsWork()
    {
        using var detector = new SourceDetector(
            Some.Origin,
            Some.InForce(time, Some.Rule("broken") with { Threshold = new() { Count = 2, WindowSeconds = 60, By = ["no such path"] } },
                Some.Rule("a")),
            new(new(metrics.Meter, "main"), time, NullLogger.Instance));

        Assert.Equal("a", Assert.Single(Detect(detector, AuditLine.Of())).Rule.Name);
        Assert.Equal("a", Assert.Single(Detect(detector, AuditLine.Of())).Rule.Name);
        Assert.Equal(2, Value("clustertrail_detection_errors", "broken"));
    }

    [Fact]
    public void ARuleThatMeetsOnlyWhatItCannotJudgeCannotFire()
    {
        Write(OfBody, Some.Rule("any"));
        var engine = New();
        using var detector = engine.ForSource();

        See(detector, "Metadata", "Metadata");
        var blind = engine.Status.CannotFire;
        See(detector, "Request");

        Assert.Equal([new BlindRule("of-body", "level Request", 2)], blind);
        Assert.Empty(engine.Status.CannotFire);
        Assert.Equal(2, Value("clustertrail_detections_not_evaluable", "of-body"));
    }

    [Fact]
    public void AChangedAuditPolicyShowsAfterAWhile()
    {
        Write(OfBody);
        var engine = New();
        using var detector = engine.ForSource();
        See(detector, "Request");

        List<int> blind = [];
        for (var quarter = 0; quarter < 3; quarter++)
        {
            time.Advance(TimeSpan.FromMinutes(15));
            See(detector, "Metadata");
            blind.Add(engine.Status.CannotFire.Count);
        }

        See(detector, "Request");
        var healed = engine.Status.CannotFire.Count;
        See(detector, "Metadata");
        time.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal([0, 1, 1], blind);
        Assert.Equal(0, healed);
        Assert.Empty(engine.Status.CannotFire);
    }

    [Fact]
    public async Task ARuleThatIsNoLongerInForceIsNoneThatCannotFire()
    {
        Write(OfBody);
        var engine = New();
        using var detector = engine.ForSource();
        See(detector, "Metadata");
        var before = engine.Status.Hash;
        Write(Some.Rule());

        await LookAsync(engine, () => engine.Status.Hash != before);

        Assert.Empty(engine.Status.CannotFire);
    }

    DetectionEngine New() => new(File, Some.Origin, new(metrics.Meter, "main"), time, NullLogger.Instance);

    void Write(params DetectionRule[] rules) =>
        System.IO.File.WriteAllBytes(File, Contracts.WriteCompact(new DetectionsFile { Rules = rules }));

    IReadOnlyList<Insight> Detect(SourceDetector detector, byte[] line, long offset = 0)
    {
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        IReadOnlyList<Insight> insights = [.. detector.Detect(audit, AuditLevel.Metadata, Some.Position with { Offset = offset })];
        detector.ReportCounts();
        return insights;
    }

    void See(SourceDetector detector, params string[] levels)
    {
        foreach (var level in levels)
            Detect(detector, AuditLine.Of(("level", $"\"{level}\"")));
    }

    static async Task LookAsync(DetectionEngine engine, Func<bool> until)
    {
        using var stop = new CancellationTokenSource();
        var running = engine.RunAsync(stop.Token);
        for (var end = DateTime.UtcNow.AddSeconds(30); !until(); await Task.Delay(5, TestContext.Current.CancellationToken))
            Assert.True(DateTime.UtcNow < end, "It never came.");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    string Page() => metrics.Collector.Page();

    double Value(string metric, string label) => metrics.Collector.Counted(metric, label);

    /// <summary>A clock that moves when the test says so, and whose timers ring all the time.</summary>
    sealed class HurriedTime : TimeProvider
    {
        DateTimeOffset now = new(2026, 11, 22, 5, 36, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now;

        public void Advance(TimeSpan by) => now += by;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
    }
}

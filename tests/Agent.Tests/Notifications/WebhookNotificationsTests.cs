using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudNative.CloudEvents.SystemTextJson;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Telemetry;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Tests.Notifications;

public sealed class WebhookNotificationsTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly InsightWriter writer = new(Some.Origin, new RecordWriter(Some.Origin));
    readonly LinesLogged log = new();
    readonly LoggerFactory loggers = new();

    public WebhookNotificationsTests() => loggers.AddProvider(log);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        loggers.Dispose();
        writer.Dispose();
        metrics.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void AFindingIsACloudEventWithItsRecordButWithoutItsEvent()
    {
        var insight = Insight(Some.Rule("pod-exec"), AuditLevel.None);

        var reported = JsonNode.Parse(CloudEvent.Of(insight, Some.Origin))!.AsObject();

        Assert.Equal(["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data"], reported.Select(member => member.Key));
        Assert.Equal(
            ("1.0", insight.EventId, "/clusters/prod/trails/main/nodes/cp-1", "io.clustertrail.finding.v1", "pod-exec", "2026-11-22T05:35:25.608888Z", "application/json"),
            ((string)reported["specversion"]!, (string)reported["id"]!, (string)reported["source"]!, (string)reported["type"]!, (string)reported["subject"]!, (string)reported["time"]!, (string)reported["datacontenttype"]!));
        var record = JsonNode.Parse(insight.Record)!.AsObject();
        Assert.True(record.Remove("event") && record.Remove("recordedLevel"));
        Assert.True(JsonNode.DeepEquals(record, reported["data"]));
    }

    [Fact]
    public void TheRecordIsPassedOnByteForByte()
    {
        var insight = Insight(Some.Rule("pod-exec"), AuditLevel.None);

        var reported = CloudEvent.Of(insight, Some.Origin);

        byte[] data = [.. "\"data\":"u8, .. insight.Record.AsSpan(0, insight.SummaryLength), .. "}}\n"u8];
        Assert.True(reported.AsSpan().EndsWith(data));
    }

    [Fact]
    public void TheSdkOfCloudEventsReadsIt()
    {
        var insight = Insight(Some.Rule("pod-exec"), AuditLevel.None);

        var read = new JsonEventFormatter().DecodeStructuredModeMessage(
            CloudEvent.Of(insight, Some.Origin), new(CloudEvent.ContentType), extensionAttributes: null);

        Assert.True(read.IsValid);
        Assert.Equal((insight.EventId, "pod-exec", "application/json"), (read.Id, read.Subject, read.DataContentType));
        Assert.Equal(DateTimeOffset.Parse(Encoding.UTF8.GetString(insight.At), CultureInfo.InvariantCulture), read.Time);
        Assert.Equal(insight.EventId, Assert.IsType<JsonElement>(read.Data).GetProperty("eventID").GetString());
    }

    [Fact]
    public void AnEventWithoutATimeMakesACloudEventWithoutOne()
    {
        var reported = JsonNode.Parse(CloudEvent.Of(Insight(Some.Rule(), line: AuditLine.Of(("stageTimestamp", null))), Some.Origin))!.AsObject();

        Assert.False(reported.ContainsKey("time"));
    }

    [Fact]
    public async Task FindingsOfTheSeverityAndAboveAreToldAndForgotten()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var notifications = New(receiver);
        var notifier = notifications.ForSource("apiserver");

        foreach (var severity in Enum.GetValues<DetectionSeverity>())
            notifier.Add(Insight(Some.Rule($"{severity}".ToLowerInvariant()) with { Severity = severity }));
        notifier.Spool();
        await DrainAsync(notifications);

        Assert.Equal(["high", "critical"], receiver.Requests.Select(reported => (string)JsonNode.Parse(reported.Body)!["subject"]!));
        Assert.Empty(Directory.EnumerateFiles(Spool));
        Assert.Equal((1, 2), (notifications.Status.DeliveredBatches, notifications.Status.DeliveredEvents));
        Assert.Equal((1, 0, 0), (Value("clustertrail_notifications", "Delivered"), Value("clustertrail_notifications", "Failed"), Value("clustertrail_notifications_dropped")));
    }

    [Fact]
    public async Task WhatFailsIsToldAgainUntilItIsTaken()
    {
        await using var receiver = await WebhookReceiver.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number <= 3 ? 500 : 200;
            return Task.CompletedTask;
        });
        using var notifications = New(receiver);
        Notify(notifications, Some.Rule());

        await DrainAsync(notifications);

        Assert.Equal(4, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Select(reported => reported.Body).Distinct());
        Assert.Equal((1, 3), (Value("clustertrail_notifications", "Delivered"), Value("clustertrail_notifications", "Failed")));
        Assert.Null(notifications.Status.LastError);
    }

    [Fact]
    public async Task WhatAnEarlierRunLeftIsToldByTheNext()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using (var before = New(receiver))
            Notify(before, Some.Rule("before"));
        using var notifications = New(receiver);
        Notify(notifications, Some.Rule("after"));

        await DrainAsync(notifications);

        Assert.Equal(["before", "after"], receiver.Requests.Select(reported => (string)JsonNode.Parse(reported.Body)!["subject"]!));
    }

    [Fact]
    public async Task ADamagedFileIsSetAsideCountedAndTheRestIsTold()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using (var before = New(receiver))
            Notify(before, Some.Rule("before"));
        await File.WriteAllTextAsync(Directory.EnumerateFiles(Spool).Single(), "damaged", Cancel);
        using var notifications = New(receiver);
        Notify(notifications, Some.Rule("after"));

        await DrainAsync(notifications);

        Assert.Equal("after", (string)JsonNode.Parse(Assert.Single(receiver.Requests).Body)!["subject"]!);
        Assert.Equal(1, Value("clustertrail_notifications_dropped"));
    }

    [Fact]
    public async Task BeyondSixteenMebibytesFindingsAreDroppedCountedAndLoggedOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var notifications = New(receiver);
        var notifier = notifications.ForSource("apiserver");
        var insight = Insight(Some.Rule() with { Description = new('x', 100_000) });
        for (var many = 0; many < 250; many++)
            notifier.Add(insight);
        notifier.Spool();

        for (var more = 0; more < 3; more++)
        {
            notifier.Add(insight);
            notifier.Add(insight);
            notifier.Spool();
        }

        Assert.Equal(6, Value("clustertrail_notifications_dropped"));
        Assert.Single(Directory.EnumerateFiles(Spool));
        Assert.Single(log.Lines, line => line.Contains("the agent sends no further findings", StringComparison.Ordinal));
    }

    [Fact]
    public async Task NothingSecretIsShownAnywhere()
    {
        await File.WriteAllTextAsync(folder.Join("secret"), "s3cr3t", Cancel);
        await using var receiver = await WebhookReceiver.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 403 : 200;
            return Task.CompletedTask;
        });
        using var notifications = New(receiver, folder.Join("secret"));
        Notify(notifications, Some.Rule());
        var failing = DrainAsync(notifications);
        SinkStatus status;
        do
            status = notifications.Status;
        while (status.LastError is null && !failing.IsCompleted);
        await failing;

        var shown = string.Join('\n', [.. log.Lines, $"{status}", $"{notifications.Status}", metrics.Collector.Page()]);
        Assert.Contains(log.Lines, line => line.Contains("Forbidden", StringComparison.Ordinal));
        Assert.Equal(receiver.Url, notifications.Status.Description);
        Assert.All(new[] { "T0K3N", "s3cr3t" }, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
    }

    string Spool => folder.Join("notifications");

    WebhookNotifications New(WebhookReceiver receiver, string? secretPath = null) =>
        new(new() { Url = $"{receiver.Url}/hooks/T0K3N", SecretPath = secretPath }, new(Spool, WebhookNotifications.LimitBytes, new HurriedTime()), Some.Origin, new(metrics.Meter), new HurriedTime(), loggers);

    void Notify(WebhookNotifications notifications, DetectionRule rule)
    {
        var notifier = notifications.ForSource("apiserver");
        notifier.Add(Insight(rule));
        notifier.Spool();
    }

    Insight Insight(DetectionRule rule, AuditLevel recorded = AuditLevel.Metadata, byte[]? line = null)
    {
        Assert.True(AuditEvent.TryParse(line ?? AuditLine.Of(), new JsonIndex(), out var audit, out _));
        return writer.Write(audit, recorded, new(0, 1, [Some.Position]), rule, Some.Position);
    }

    static async Task DrainAsync(WebhookNotifications notifications)
    {
        notifications.Complete();
        await notifications.RunAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    double Value(string metric, string? label = null) => metrics.Collector.Counted(metric, label);

    /// <summary>Every wait is over at once.</summary>
    sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    sealed class LinesLogged : ILoggerProvider, ILogger
    {
        readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

        public IEnumerable<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

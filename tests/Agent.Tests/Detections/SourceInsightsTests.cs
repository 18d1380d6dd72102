using System.Globalization;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Telemetry;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Detections;

public sealed class SourceInsightsTests : IDisposable
{
    // A Monday.
    static readonly DateTimeOffset Start = new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly AgentMetrics metrics = new(new("0.1.0", "test"));
    readonly InsightMetrics counted;
    readonly List<JsonNode> found = [];
    SourceInsights insights;
    Exception? refusal;
    long position;

    public SourceInsightsTests() => (counted, insights) = (new(metrics.Meter, "main"), null!);

    string StatePath => folder.Join("insights/apiserver.state");

    public void Dispose()
    {
        insights?.Dispose();
        metrics.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void AUserWithAnotherProgramIsARecordWithItsEvent()
    {
        Begin();
        PassDays(8);

        Take(Start.AddDays(8).AddMinutes(1), ("userAgent", "\"curl/8.5\""), ("requestObject", "{}"));

        var record = Assert.Single(found);
        Assert.Equal(("Insight", "ann"), ((string?)record["eventCategory"], (string?)record["userIdentity"]!["userName"]));
        Assert.EndsWith("-first-seen-user-agent", (string?)record["eventID"]);
        Assert.Equal(("first-seen-user-agent", "low", "curl"), (
            (string?)record["insightDetails"]!["rule"], (string?)record["insightDetails"]!["severity"],
            (string?)record["insightDetails"]!["firstSeen"]));
        Assert.Equal((string?)record["eventID"], $"{record["insightDetails"]!["eventIDs"]![0]}-first-seen-user-agent");
        // Nobody selected the event.
        Assert.NotNull(record["event"]);
        Assert.Null(record["event"]!["requestObject"]);
        Assert.Equal(1, Counter("clustertrail_insights_total", "kind=\"first-seen-user-agent\""));
    }

    [Fact]
    public void ARateThatRisesIsARecordOfItsSubject()
    {
        Begin();
        for (var minute = 0; minute < 8 * 24 * 60; minute++)
            Take(Start.AddMinutes(minute));
        var began = Start.AddDays(8);
        for (var call = 0; call < 5 * 100; call++)
            Take(began.AddSeconds(call * 0.6));
        Assert.Equal(2, found.Count);

        var (kind, user) = (found.Single(one => one["userIdentity"] is null), found.Single(one => one["userIdentity"] is not null));
        Assert.Equal(("core", "get pods"), ((string?)kind["eventSource"], (string?)kind["eventName"]));
        Assert.Equal(("pods", ""), ((string?)kind["objectRef"]!["resource"], (string?)kind["objectRef"]!["apiGroup"]));
        Assert.Equal("ann", (string?)user["userIdentity"]!["userName"]);
        Assert.Null(user["objectRef"]);
        Assert.NotEqual((string?)kind["eventID"], (string?)user["eventID"]);
        Assert.All(found, one => Assert.Equal("unusual-call-rate-start", (string?)one["insightDetails"]!["rule"]));
        Assert.All(found, one => Assert.Equal("2026-02-10T00:00:00Z", (string?)one["insightDetails"]!["from"]));

        found.Clear();
        for (var minute = 5; minute < 30; minute++)
            Take(began.AddMinutes(minute));
        Assert.All(found, one => Assert.Equal("unusual-call-rate-end", (string?)one["insightDetails"]!["rule"]));
        Assert.Equal(2, found.Count);
    }

    [Fact]
    public void ARestartRemembersWhatWasSeen()
    {
        Begin();
        PassDays(8);
        Take(Start.AddDays(8).AddMinutes(1), ("userAgent", "\"curl/8.5\""));
        insights.NoteSaved(isLast: true);

        Begin();
        Take(Start.AddDays(8).AddMinutes(5), ("userAgent", "\"curl/8.5\""));
        Assert.Single(found);
        Take(Start.AddDays(8).AddMinutes(6), ("userAgent", "\"wget/1.2\""));
        Assert.Equal(2, found.Count);
    }

    [Fact]
    public void WhatIsKnownIsWrittenNowAndThenAndForItsOwnerAlone()
    {
        Begin();
        Take(Start);
        insights.NoteSaved(isLast: false);
        Assert.False(File.Exists(StatePath));

        time.Advance(TimeSpan.FromMinutes(5));
        insights.NoteSaved(isLast: false);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StatePath));
    }

    [Fact]
    public void MoreUsersThanThereIsRoomForAreCountedOnceAlsoAfterARestart()
    {
        Begin();
        for (var user = 0; user < 1024 + 5; user++)
            Take(Start.AddSeconds(user / 100.0), ("user", $$"""{"username":"user-{{user}}"}"""));
        insights.NoteSaved(isLast: true);
        Assert.Equal(5, Counter("clustertrail_insights_forgotten_total", "what=\"Rate\""));

        Begin();
        insights.NoteSaved(isLast: true);
        Assert.Equal(5, Counter("clustertrail_insights_forgotten_total", "what=\"Rate\""));
        Assert.Equal(0, Counter("clustertrail_insights_forgotten_total", "what=\"Seen\""));
    }

    [Fact]
    public void EventsWhoseTimeIsFarAwayAreCounted()
    {
        Begin();
        Assert.Equal(0, Counter("clustertrail_insights_strays_total", ""));
        Take(Start);
        Take(Start.AddMinutes(-11));
        Take(Start.AddMinutes(11));
        Take(Start.AddMinutes(10));
        insights.NoteSaved(isLast: true);

        Assert.Equal(2, Counter("clustertrail_insights_strays_total", ""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(-1)]
    public void ADamagedStateIsCountedAndBeginsAnew(int at)
    {
        Begin();
        PassDays(8);
        insights.NoteSaved(isLast: true);
        var bytes = File.ReadAllBytes(StatePath);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(StatePath, bytes);

        Begin();
        Take(Start.AddDays(8).AddMinutes(1), ("userAgent", "\"curl/8.5\""));

        Assert.Empty(found);
        Assert.Equal(1, Counter("clustertrail_insights_errors_total", "reason=\"State\""));
    }

    // Also because of a fault of ClusterTrail, which must not end an agent that records.
    [Theory]
    [InlineData(typeof(IOException), "State")]
    [InlineData(typeof(InvalidOperationException), "Internal")]
    public void AStateThatCannotBeWrittenIsCountedAndTriedAgain(Type failure, string reason)
    {
        Begin();
        Take(Start);
        refusal = (Exception)Activator.CreateInstance(failure)!;
        insights.NoteSaved(isLast: true);
        Assert.Equal(1, Counter("clustertrail_insights_errors_total", $"reason=\"{reason}\""));

        refusal = null;
        insights.NoteSaved(isLast: true);
        Assert.True(File.Exists(StatePath));
    }

    void Begin()
    {
        insights?.Dispose();
        var store = new InsightStore(StatePath, EnsureOurs, counted, NullLogger.Instance);
        insights = new(Some.Origin, store, counted, time, NullLogger.Instance);
    }

    void EnsureOurs()
    {
        if (refusal is not null)
            throw refusal;
    }

    void PassDays(int days)
    {
        // A day later is a jump of the clock, which many events must show.
        for (var day = 0; day <= days; day++)
        {
            for (var call = 0; call < 70; call++)
                Take(Start.AddDays(day));
        }

        Assert.Empty(found);
    }

    void Take(DateTimeOffset at, params (string Name, string? Json)[] members)
    {
        var stamp = at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var line = AuditLine.Of([.. members, ("stageTimestamp", $"\"{stamp}\"")]);
        var index = new JsonIndex();
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        foreach (var insight in insights.Take(audit, AuditLevel.None, Some.Position with { Offset = position++ }) ?? [])
        {
            var record = JsonNode.Parse(insight.Record)!;
            Assert.Equal(insight.EventId, (string?)record["eventID"]);
            found.Add(record);
        }
    }

    long Counter(string name, string label) => metrics.Collector.Page().Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}

using System.Globalization;
using System.Text.Json.Nodes;

namespace ClusterTrail.Kubectl.Tests.Insights;

/// <summary>Nine days of an archive: every minute a controller gets a lease and lists pods; on the ninth day Ann lists Secrets from elsewhere.</summary>
public sealed class InsightsTests : IDisposable
{
    const int Days = 9;
    const int MinutesOfDay = 24 * 60;

    // A Monday.
    static readonly DateTimeOffset Start = new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Scan = Start.AddDays(8).AddHours(13);

    readonly ArchiveFolder archive = new();
    readonly List<string> records = [];

    public InsightsTests()
    {
        for (var day = 0; day < Days; day++)
        {
            AddDay(day);
            archive.Add(Some.Batch(Start.AddDays(day), sequence: day + 1), Some.Zstd([.. records]));
            records.Clear();
        }
    }

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task AStretchAndWhatWasSeenFirstAreShownOnceWithADrawing()
    {
        var outcome = await CommandLine.RunAsync("insights", "--archive", archive.Path);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(
            "2026-02-10 13:00 to 2026-02-10 13:05  calls of list secrets, on cp-1 of prod (Trail main)", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("60 a minute, usual are 2: 30 times as many, at most 60; ended: Calm", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("users: ann (", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("█████", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("first-seen-network: ann, 203.0.113.0/24, on cp-1", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("first-seen-secret-reader: ann, list secrets", outcome.Output, StringComparison.Ordinal);
        Assert.Single(outcome.Lines, line => line.Contains("calls of list secrets", StringComparison.Ordinal));
        Assert.Contains(
            "Of cp-1 of prod (Trail main) the first week of events, until 2026-02-09 00:00, is learnt", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InJsonItIsWhatAnAgentRecords()
    {
        var outcome = await CommandLine.RunAsync("insights", "--archive", archive.Path, "-o", "json");

        var found = outcome.Lines.Select(line => JsonNode.Parse(line)!).ToList();
        var start = Assert.Single(found, one => (string?)one["insightDetails"]!["rule"] == "unusual-call-rate-start"
            && (string?)one["insightDetails"]!["subject"]!["resource"] == "secrets");
        Assert.Equal(("prod", "main", "cp-1"), ((string?)start["clusterName"], (string?)start["trail"], (string?)start["nodeName"]));
        Assert.Equal("2026-02-10T13:00:00Z", (string?)start["insightDetails"]!["from"]);
        // Two to three minutes after it began.
        Assert.StartsWith("2026-02-10T13:02", (string?)start["eventTime"], StringComparison.Ordinal);
        Assert.Single(found, one => (string?)one["insightDetails"]!["rule"] == "unusual-call-rate-end"
            && (string?)one["insightDetails"]!["subject"]!["resource"] == "secrets");
        var first = Assert.Single(found, one => (string?)one["insightDetails"]!["rule"] == "first-seen-secret-reader");
        Assert.Equal((string?)first["apiEventID"], (string?)first["insightDetails"]!["eventIDs"]![0]);
    }

    [Fact]
    public async Task WhatIsBeforeSinceIsLearntAndNotShown()
    {
        var shown = await CommandLine.RunAsync("insights", "--archive", archive.Path, "--since", "2026-02-10", "-o", "json");
        var after = await CommandLine.RunAsync("insights", "--archive", archive.Path, "--since", "2026-02-10T14:00:00Z");
        var unlearnt = await CommandLine.RunAsync("insights", "--archive", archive.Path, "--since", "2026-02-10", "--learn", "1h");

        Assert.Contains("unusual-call-rate-start", shown.Output, StringComparison.Ordinal);
        Assert.Equal("Nothing unusual was found.", Assert.Single(after.Lines));
        Assert.DoesNotContain("first-seen", unlearnt.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStretchThatIsNotOverIsShownAsThat()
    {
        var outcome = await CommandLine.RunAsync("insights", "--archive", archive.Path, "--until", "2026-02-10T13:04:30Z");

        Assert.Contains("goes on where the events end", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EachAgentAndEachTrailIsLookedAtByItself()
    {
        // The same events, of another Trail, count for it alone.
        AddDay(8, "other");
        archive.Add(Some.Batch(Start.AddDays(8)) with { Trail = "other" }, Some.Zstd([.. records]));

        var all = await CommandLine.RunAsync("insights", "--archive", archive.Path);
        var other = await CommandLine.RunAsync("insights", "--archive", archive.Path, "--trail", "other");

        Assert.Contains("60 a minute", all.Output, StringComparison.Ordinal);
        Assert.Contains("of 2 agents", all.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Trail main", other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmptyArchiveAndAWrongDurationAreSaid()
    {
        using var empty = new ArchiveFolder();
        empty.Add(Some.Batch(), Some.Zstd(LookupInsight));

        var nothing = await CommandLine.RunAsync("insights", "--archive", empty.Path);
        var wrong = await CommandLine.RunAsync("insights", "--archive", empty.Path, "--learn", "often");
        var none = await CommandLine.RunAsync("insights");

        Assert.Contains("No event of an API server was found.", nothing.Error, StringComparison.Ordinal);
        Assert.Equal((2, 2), (wrong.ExitCode, none.ExitCode));
        Assert.Contains("--learn often is no duration", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEventOfTheYear9999DoesNotEndTheCommand()
    {
        using var late = new ArchiveFolder();
        Add(new(9999, 12, 31, 23, 57, 0, TimeSpan.Zero), "main", "ann", "get", "pods", "10.0.0.7");
        late.Add(Some.Batch(Start), Some.Zstd([.. records]));

        Assert.Equal(0, (await CommandLine.RunAsync("insights", "--archive", late.Path)).ExitCode);
    }

    [Fact]
    public async Task WhereEventsAreOnlyCountedItDoesNotSayThatNothingWasUnusual()
    {
        using var counted = new ArchiveFolder();
        counted.Add(Some.Batch(), Some.Zstd(
            """
            {"eventVersion":"1.0","eventID":"s-1-Aggregate","eventTime":"2026-03-01T12:00:01Z","eventCategory":"Aggregate","eventSource":"core","eventName":"get pods","readOnly":true,"userIdentity":{"type":"User","userName":"ann"},"clusterName":"prod","nodeName":"cp-1","trail":"main","timeWindow":{"windowStart":"2026-03-01T12:00:00Z","windowEnd":"2026-03-01T12:05:00Z","windowSize":"PT5M"},"aggregateDetails":{"count":90000,"firstEventTime":"2026-03-01T12:00:01Z","lastEventTime":"2026-03-01T12:00:59Z","firstEventID":"s-1","lastEventID":"s-9","stage":"ResponseComplete","statusCode":200}}
            """));

        var outcome = await CommandLine.RunAsync("insights", "--archive", counted.Path);

        var json = await CommandLine.RunAsync("insights", "--archive", counted.Path, "-o", "json");

        const string Sentence = "90000 more events are only counted (category Aggregate) and were not looked at: rates are too low, "
            + "and what was seen first is incomplete.";
        Assert.Equal(Sentence, Assert.Single(outcome.Lines));
        Assert.Contains("No event has a record of its own.", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(json.Output);
        Assert.Contains(Sentence, json.Error, StringComparison.Ordinal);
    }

    const string LookupInsight = """
        {"eventVersion":"1.0","eventID":"e-1-pod-exec","eventTime":"2026-03-01T12:00:02Z","eventCategory":"Insight","clusterName":"prod","nodeName":"cp-1","trail":"main","insightDetails":{"rule":"pod-exec"}}
        """;

    void AddDay(int day, string trail = "main")
    {
        for (var minute = 0; minute < MinutesOfDay; minute++)
        {
            var at = Start.AddDays(day).AddMinutes(minute);
            Add(at, trail, "controller", "get", "leases", "10.0.0.9");
            Add(at.AddSeconds(30), trail, "controller", "list", "pods", "10.0.0.9");
            if (minute == 0)
                Add(at.AddSeconds(31), trail, "ann", "list", "pods", "10.0.0.7");
            for (var call = 0; call < 60 && at >= Scan && at < Scan.AddMinutes(5); call++)
                Add(at.AddSeconds(call), trail, "ann", "list", "secrets", "203.0.113.5");
        }
    }

    void Add(DateTimeOffset at, string trail, string user, string verb, string resource, string address)
    {
        var time = at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        records.Add(
            $$"""
            {"eventVersion":"1.0","eventID":"{{Guid.NewGuid():N}}","eventTime":"{{time}}","eventCategory":"Management","clusterName":"prod","nodeName":"cp-1","trail":"{{trail}}","event":{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete","requestURI":"/","verb":"{{verb}}","user":{"username":"{{user}}"},"sourceIPs":["{{address}}"],"userAgent":"kubectl/1.36","objectRef":{"resource":"{{resource}}","apiVersion":"v1"},"responseStatus":{"code":200},"requestReceivedTimestamp":"{{time}}","stageTimestamp":"{{time}}"} }
            """);
    }
}

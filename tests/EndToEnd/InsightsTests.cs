using System.Globalization;
using System.Text.Json;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>An agent that looks for what is unusual: nine days of a log, with a restart in between, in which Ann lists Secrets for five minutes.</summary>
public sealed class InsightsTests : IDisposable
{
    const int MinutesOfDay = 24 * 60;
    const int ScanMinutes = 5;
    const int ScanCalls = 60;

    // A Monday.
    static readonly DateTimeOffset Start = new(2026, 2, 2, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Scan = Start.AddDays(8).AddHours(13);
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    readonly AgentFolder folder = new();
    long written;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhatIsUnusualIsArchivedOnceAndAStopForgetsNothing()
    {
        // All that is selected is a single kind of calls: what is unusual is found in all of them.
        var selectors = Path.Combine(folder.Root, "selectors.json");
        await File.WriteAllTextAsync(
            selectors, """{"ruleSets":[{"name":"main","rules":[{"level":"Metadata","resources":[{"group":"apps"}]}]}]}""",
            TestContext.Current.CancellationToken);
        var configuration = folder.Configuration with { Selectors = selectors, Insights = new() { Enabled = true } };
        WriteDays(0, 8);
        using (var agent = AgentProcess.Start(folder.Root, configuration))
        {
            await AgentStatusPage.WaitAsync(await agent.Url, HasCountedAll, Timeout);
            Assert.Equal(0, await agent.StopAsync());
        }

        Assert.Empty(Insights());
        WriteDays(8, 9);
        using (var agent = AgentProcess.Start(folder.Root, configuration))
        {
            await AgentStatusPage.WaitAsync(await agent.Url, HasCountedAll, Timeout);
            Assert.Equal(0, await agent.StopAsync());
        }

        var rules = Insights().Select(record => record.GetProperty("insightDetails").GetProperty("rule").GetString()!)
            .CountBy(rule => rule).ToDictionary();
        // Of the kind of calls and of the user.
        Assert.Equal(2, rules["unusual-call-rate-start"]);
        Assert.Equal(2, rules["unusual-call-rate-end"]);
        Assert.Equal(1, rules["first-seen-network"]);
        Assert.Equal(1, rules["first-seen-secret-reader"]);
        Assert.Equal(["first-seen-network", "first-seen-secret-reader", "unusual-call-rate-end", "unusual-call-rate-start"], rules.Keys.Order());
        var start = Insights().First(record => Rule(record) == "unusual-call-rate-start" && record.TryGetProperty("objectRef", out _));
        Assert.Equal("secrets", start.GetProperty("objectRef").GetProperty("resource").GetString());
        Assert.Equal("ann", start.GetProperty("insightDetails").GetProperty("users")[0].GetProperty("name").GetString());
        Assert.InRange(start.GetProperty("insightDetails").GetProperty("ratio").GetDouble(), 20, 40);
    }

    List<JsonElement> Insights() => [.. ArchivedRecords.OfFolder(folder.ArchivePath)
        .Where(record => record.GetProperty("eventCategory").GetString() == "Insight")];

    static string Rule(JsonElement record) => record.GetProperty("insightDetails").GetProperty("rule").GetString()!;

    bool HasCountedAll(JsonElement status) => AgentStatusPage.IsDone(status)
        && status.GetProperty("sources")[0].TryGetProperty("counted", out var counted) && counted.GetProperty("lines").GetInt64() == written;

    void WriteDays(int from, int until)
    {
        using var log = new FileStream(folder.LogPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        for (var minute = from * MinutesOfDay; minute < until * MinutesOfDay; minute++)
        {
            var at = Start.AddMinutes(minute);
            Write(log, at, "controller", "get", "leases", "10.0.0.9");
            Write(log, at.AddSeconds(1), "controller", "list", "pods", "10.0.0.9");
            if (minute % MinutesOfDay == 0)
                Write(log, at.AddSeconds(2), "ann", "list", "pods", "10.0.0.7");
            for (var call = 0; call < ScanCalls && at >= Scan && at < Scan.AddMinutes(ScanMinutes); call++)
                Write(log, at.AddSeconds(call), "ann", "list", "secrets", "203.0.113.5");
        }
    }

    void Write(FileStream log, DateTimeOffset at, string user, string verb, string resource, string address)
    {
        var time = at.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var line = AuditLine.Of(
            ("auditID", $"\"{written}\""), ("user", $$"""{"username":"{{user}}"}"""), ("verb", $"\"{verb}\""),
            ("objectRef", $$"""{"resource":"{{resource}}","apiVersion":"v1"}"""), ("sourceIPs", $"[\"{address}\"]"),
            ("requestReceivedTimestamp", $"\"{time}\""), ("stageTimestamp", $"\"{time}\""));
        log.Write([.. line, (byte)'\n']);
        written++;
    }
}

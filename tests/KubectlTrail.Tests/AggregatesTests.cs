using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests;

/// <summary>What the commands make of counts, and of rules that ask for them.</summary>
public sealed class AggregatesTests : IDisposable
{
    const string Reads = """
        {"eventVersion":"1.0","eventID":"s-1-Aggregate","eventTime":"2026-03-01T12:00:01Z","eventCategory":"Aggregate","eventSource":"core","eventName":"get secrets","readOnly":true,"userIdentity":{"type":"User","userName":"ann"},"sourceIPAddress":"10.1.2.3","clusterName":"prod","nodeName":"cp-1","trail":"main","objectRef":{"resource":"secrets","namespace":"shop"},"timeWindow":{"windowStart":"2026-03-01T12:00:00Z","windowEnd":"2026-03-01T12:05:00Z","windowSize":"PT5M"},"aggregateDetails":{"count":214,"firstEventTime":"2026-03-01T12:00:01.000000Z","lastEventTime":"2026-03-01T12:00:59.500000Z","firstEventID":"s-1","lastEventID":"s-9","stage":"ResponseComplete","statusCode":200,"userAgent":"kubectl","names":["db","tls"],"moreNames":true}}
        """;

    const string Refused = """
        {"eventVersion":"1.0","eventID":"r-1-Aggregate","eventTime":"2026-03-01T12:00:02Z","eventCategory":"Aggregate","eventSource":"core","eventName":"list secrets","readOnly":true,"userIdentity":{"type":"User","userName":"bob"},"errorCode":"Forbidden","clusterName":"prod","nodeName":"cp-1","trail":"main","objectRef":{"resource":"secrets","namespace":"shop"},"timeWindow":{"windowStart":"2026-03-01T12:00:00Z","windowEnd":"2026-03-01T12:05:00Z","windowSize":"PT5M"},"aggregateDetails":{"count":7,"firstEventTime":"2026-03-01T12:00:02Z","lastEventTime":"2026-03-01T12:00:02Z","firstEventID":"r-1","lastEventID":"r-7","stage":"ResponseComplete","statusCode":403}}
        """;

    const string Read = """
        {"eventVersion":"1.0","eventID":"s-0","eventTime":"2026-03-01T12:00:00Z","eventCategory":"Management","eventSource":"core","eventName":"get secrets","readOnly":true,"userIdentity":{"type":"User","userName":"ann"},"sourceIPAddress":"10.1.2.3","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-1","stage":"ResponseComplete","verb":"get","objectRef":{"resource":"secrets","namespace":"shop","name":"db"},"responseStatus":{"code":200}}}
        """;

    const string Trail = """
        apiVersion: clustertrail.io/v1alpha1
        kind: Trail
        metadata: {name: main}
        spec:
          clusterName: prod
          sources: {apiServer: {type: LogFile, logFile: {path: /var/log/kubernetes/audit/audit.log}}}
          selectors:
          - {level: Metadata, aggregate: true, verbs: [get]}
          - {level: RequestResponse, verbs: [delete]}
          sink: {type: Directory, directory: {type: HostPath, hostPath: {path: /archive}}}
        """;

    readonly ArchiveFolder archive = new();
    readonly ArchiveFolder files = new();

    public AggregatesTests() => archive.Add(Some.Batch(), Some.Zstd(Read, Reads, Refused));

    public void Dispose()
    {
        archive.Dispose();
        files.Dispose();
    }

    [Fact]
    public async Task ATableShowsHowManyEventsACountIsOf()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "--category", "Aggregate");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains(outcome.Lines, line => line.Contains("214 × get secrets", StringComparison.Ordinal) && line.TrimEnd().EndsWith("200", StringComparison.Ordinal));
        Assert.Contains(outcome.Lines, line => line.Contains("7 × list secrets", StringComparison.Ordinal) && line.TrimEnd().EndsWith("Forbidden", StringComparison.Ordinal));
        Assert.DoesNotContain(outcome.Lines, line => line.Contains("Management", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("s-1-Aggregate s-0", "--name", "db")]
    [InlineData("s-1-Aggregate", "--name", "tls")]
    [InlineData("r-1-Aggregate", "--error", "403")]
    [InlineData("r-1-Aggregate", "--user", "bob")]
    [InlineData("s-1-Aggregate s-0", "--resource", "secrets", "--verb", "get")]
    [InlineData("s-1-Aggregate", "--where", "aggregateDetails.count LongerThan 2")]
    [InlineData("r-1-Aggregate s-1-Aggregate", "--where", "timeWindow.windowSize Equals PT5M")]
    public async Task CountsAreFoundByWhatTheirEventsHaveInCommon(string expected, params string[] question)
    {
        var outcome = await CommandLine.RunAsync(["lookup", archive.Path, "-o", "json", .. question]);

        Assert.Equal(
            expected.Split(' '), outcome.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("eventID").GetString()!));
    }

    [Fact]
    public async Task ACountThatDoesNotListAllNamesIsFoundByAnyNameOfItsNamespace()
    {
        using var other = new ArchiveFolder();
        var whole = Reads.Replace("s-1-", "whole-", StringComparison.Ordinal).Replace(",\"moreNames\":true", "", StringComparison.Ordinal);
        var no = Reads.Replace("s-1-", "no-", StringComparison.Ordinal).Replace("Names\":true", "Names\":false", StringComparison.Ordinal);
        other.Add(Some.Batch(), Some.Zstd(Read, Reads, Refused, whole, no));

        Assert.Equal(["s-1-Aggregate"], await IdsAsync("--name", "another"));
        Assert.Equal(["s-1-Aggregate"], await IdsAsync("--name", "another", "-n", "shop", "--resource", "secrets"));
        Assert.Empty(await IdsAsync("--name", "another", "-n", "web"));

        async Task<IEnumerable<string>> IdsAsync(params string[] question) =>
            (await CommandLine.RunAsync(["lookup", other.Path, "-o", "json", .. question])).Lines
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("eventID").GetString()!);
    }

    [Fact]
    public async Task ASpreadsheetHasTheCountTheStatusAndTheClient()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "csv", "--event-id", "s-1-Aggregate");

        Assert.Equal(
            "2026-03-01T12:00:01Z,s-1-Aggregate,Aggregate,ann,,get,,secrets,,shop,,10.1.2.3,kubectl,200,,prod,cp-1,main,,,,,,,214",
            outcome.Lines[1].TrimEnd('\r'));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SqlSumsEventsOfRecordsAndCountsAlike(bool isExport)
    {
        using var export = new ArchiveFolder();
        Assert.Equal(0, (await CommandLine.RunAsync("export", archive.Path, "--to", export.Path)).ExitCode);

        var outcome = await CommandLine.RunAsync(
            "query", isExport ? export.Path : archive.Path,
            "SELECT user, sum(count) AS events, count(*) AS records, max(user_agent) AS agent, max(status) AS status, min(stage) AS stage "
                + "FROM events WHERE resource = 'secrets' GROUP BY user ORDER BY user", "-o", "csv");

        Assert.Equal(
            ["user,events,records,agent,status,stage", "ann,215,2,kubectl,200,ResponseComplete", "bob,7,1,,403,ResponseComplete"],
            outcome.Lines.Select(line => line.TrimEnd('\r')));
    }

    [Fact]
    public async Task OcsfHasACountOfApiActivity()
    {
        using var export = new ArchiveFolder();
        await CommandLine.RunAsync("export", archive.Path, "--to", export.Path, "--schema", "ocsf", "--format", "ndjson");
        var rows = Directory.EnumerateFiles(export.Path, "*.ndjson*", SearchOption.AllDirectories)
            .SelectMany(file => PlainBatch.LinesOf(File.ReadAllBytes(file))).Select(line => JsonNode.Parse(line)!).ToList();

        Assert.All(rows, row => Assert.Equal(6003, (int)row["class_uid"]!));
        var counted = rows.Single(row => (string?)row["metadata"]!["uid"] == "s-1-Aggregate");
        Assert.Equal((214, 2, 1), ((int)counted["count"]!, (int)counted["activity_id"]!, (int)counted["status_id"]!));
        Assert.Equal(58_500, (long)counted["end_time"]! - (long)counted["start_time"]!);
        Assert.Equal((long)counted["time"]!, (long)counted["start_time"]!);
        Assert.Null(rows.Single(row => (string?)row["metadata"]!["uid"] == "s-0")["count"]);
    }

    [Fact]
    public async Task AReportCountsTheEventsOfCounts()
    {
        var outcome = await CommandLine.RunAsync("report", archive.Path, "--for", "cis", "-o", "json");

        var sections = JsonNode.Parse(outcome.Output)!.ToJsonString();
        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("\"reads\":\"215\"", sections, StringComparison.Ordinal);
        Assert.Contains("\"attempts\":\"7\"", sections, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExplanationSaysThatAnEventIsOnlyCounted()
    {
        var trail = files.AddFile("trail.yaml", System.Text.Encoding.UTF8.GetBytes(Trail));
        var log = files.AddFile(
            "log", [.. AuditLine.Of(), (byte)'\n', .. AuditLine.Of(("verb", "\"delete\"")), (byte)'\n', .. AuditLine.Of(("stageTimestamp", "\"?\"")), (byte)'\n']);

        var outcome = await CommandLine.RunAsync("explain", log, "-f", trail);

        Assert.Contains(
            "├─ selectors of Trail main: counted in an Aggregate record of five minutes, with no record of its own", outcome.Lines);
        Assert.Contains("│     └─ rules[0] matches: a count of such events (aggregate)", outcome.Lines);
        // Without a time it cannot be counted.
        Assert.Contains("├─ selectors of Trail main: recorded at level Metadata", outcome.Lines);
        Assert.Contains("3 events, 2 recorded, 1 counted in Aggregate records of Trail main", outcome.Lines);
    }

    [Fact]
    public async Task AnEstimateShowsWhatIsCountedAndThatItCostsLess()
    {
        var counting = files.AddFile("trail.yaml", System.Text.Encoding.UTF8.GetBytes(Trail));
        var recording = files.AddFile(
            "other.yaml", System.Text.Encoding.UTF8.GetBytes(Trail.Replace(", aggregate: true", "", StringComparison.Ordinal)));
        var log = AuditLog.DataPath("audit-kubernetes-1.36.log.gz");

        var (counted, recorded) = (await EstimateAsync(counting, log), await EstimateAsync(recording, log));
        var text = await CommandLine.RunAsync("estimate", "-f", counting, "--log", log);

        Assert.Equal((long)recorded["events"]!, (long)counted["events"]! + (long)counted["aggregatedEvents"]!);
        Assert.InRange((long)counted["aggregateRecords"]!, 100, (long)counted["aggregatedEvents"]! - 100);
        Assert.True((long)counted["storedBytes"]! < (long)recorded["storedBytes"]!);
        Assert.True((long)counted["recordBytes"]! < (long)recorded["recordBytes"]!);
        Assert.Equal("Aggregate", (string?)counted["rules"]!.AsArray().Single(rule => (string?)rule!["rule"] == "rules[0]")!["level"]);
        Assert.Contains(text.Lines, line => line.StartsWith("It counts ", StringComparison.Ordinal) && line.Contains("aggregate: true"));
        Assert.Equal((0L, 0L), ((long)recorded["aggregatedEvents"]!, (long)recorded["aggregateRecords"]!));
    }

    [Fact]
    public async Task AnEstimateSaysHowManyEventsNoRuleMatches()
    {
        var verbs = new[] { "get", "get", "delete", "create", "create", "list" };
        var log = files.AddFile("log", [.. verbs.SelectMany(verb => AuditLine.Of(("verb", $"\"{verb}\"")).Append((byte)'\n'))]);
        var withNone = Trail.Replace("verbs: [delete]}", "verbs: [delete]}\n  - {level: None, verbs: [list]}", StringComparison.Ordinal);
        var some = files.AddFile("trail.yaml", System.Text.Encoding.UTF8.GetBytes(withNone));
        var all = files.AddFile(
            "other.yaml", System.Text.Encoding.UTF8.GetBytes(Trail.Replace(", verbs: [delete]", "", StringComparison.Ordinal)));

        var text = await CommandLine.RunAsync("estimate", "-f", some, "--log", log);
        var whole = await CommandLine.RunAsync("estimate", "-f", all, "--log", log);

        Assert.Equal(2, (int)(await EstimateAsync(some, log))["unmatchedEvents"]!);
        // Not the one that a rule leaves out.
        Assert.Contains("No rule matches 2 others, 33.3 %: they are not recorded.", text.Lines);
        Assert.DoesNotContain("No rule matches", whole.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APolicyLogsWhatIsCountedAndSaysSo()
    {
        var outcome = await CommandLine.RunAsync(
            "policy", "-f", files.AddFile("trail.yaml", System.Text.Encoding.UTF8.GetBytes(Trail)), "--without-detections");

        Assert.Contains("# main: rules[0] aggregates: the agent counts these events, and the API server must log each of them.", outcome.Lines);
        Assert.DoesNotContain(outcome.Lines, line => line.Contains("aggregate:", StringComparison.Ordinal));
        Assert.Contains("- level: Metadata", outcome.Lines);
    }

    static async Task<JsonNode> EstimateAsync(string trail, string log) =>
        JsonNode.Parse((await CommandLine.RunAsync("estimate", "-f", trail, "--log", log, "-o", "json")).Output)!["trails"]![0]!;
}

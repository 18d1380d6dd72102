using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Estimate;

/// <summary><c>kubectl trail estimate</c>, end to end.</summary>
public sealed class EstimateTests : IDisposable
{
    const string Everything = """
        apiVersion: clustertrail.io/v1alpha1
        kind: Trail
        metadata:
          name: main
        spec:
          clusterName: prod-eu
          sources:
            apiServer:
              type: LogFile
              logFile:
                path: /var/log/kubernetes/audit/audit.log
          batch:
            maxAgeSeconds: 3600
          sink:
            type: S3
            s3:
              bucket: audit
              region: eu-central-1
              objectLock:
                mode: Compliance
                retentionDays: 30
        """;

    static readonly string RealLog = AuditLog.DataPath("audit-kubernetes-1.36.log.gz");

    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task ItIsWithinAFewPercentOfWhatAnAgentStores()
    {
        var (records, bytes, stored, objects) = await RecordedByAnAgentAsync();

        var estimate = await EstimateAsync(Trail(Everything), "--log", RealLog);

        var trail = estimate["trails"]![0]!;
        Assert.Equal(records, (long)trail["events"]!);
        Assert.Equal(objects, (long)trail["objects"]!);
        Assert.InRange((double)trail["recordBytes"]! / bytes, 0.97, 1.03);
        Assert.InRange((double)trail["storedBytes"]! / stored, 0.93, 1.07);
    }

    [Fact]
    public async Task OfEachRuleAndUserItSaysHowMuchIsRecorded()
    {
        var selectors = """
              selectors:
              - level: None
                users: ["system:node:n1"]
              - level: Metadata
            """;
        var log = Log(
            AuditLine.Of(("requestObject", """{"a":"0123456789"}""")), AuditLine.Of(),
            AuditLine.Of(("user", """{"username":"system:node:n1"}""")));

        var estimate = await EstimateAsync(Trail(Everything.Replace("  batch:", $"{selectors}\n  batch:", StringComparison.Ordinal)), "--log", log);

        var trail = estimate["trails"]![0]!;
        Assert.Equal((3, 2), ((int)estimate["events"]!, (int)trail["events"]!));
        var rule = Assert.Single(trail["rules"]!.AsArray())!;
        Assert.Equal(("main", "rules[1]", "Metadata", 2), ((string)rule["set"]!, (string)rule["rule"]!, (string)rule["level"]!, (int)rule["events"]!));
        Assert.Equal("ann", (string?)Assert.Single(trail["users"]!.AsArray())!["user"]);
        var request = Assert.Single(trail["requests"]!.AsArray())!;
        Assert.Equal(("ann", "get", "pods"), ((string)request["user"]!, (string)request["verb"]!, (string)request["resource"]!));
        // Nothing is left to save by Metadata where Metadata is recorded.
        Assert.Equal((long)rule["recordBytes"]!, (long)rule["metadataBytes"]!);
        Assert.True((long)rule["logBytes"]! > 0);
        Assert.Null(trail["daily"]);
    }

    [Fact]
    public async Task WhatMetadataWouldSaveIsTheBodies()
    {
        var body = $$"""{"a":"{{new string('x', 1000)}}"}""";

        var estimate = await EstimateAsync(Trail(Everything), "--log", Log(AuditLine.Of(("requestObject", body))));

        var request = estimate["trails"]![0]!["requests"]![0]!;
        Assert.InRange((long)request["recordBytes"]! - (long)request["metadataBytes"]!, body.Length, body.Length + 30);
    }

    [Fact]
    public async Task TheBillFollowsFromThePricesTheDaysAndTheApiServers()
    {
        var prices = folder.AddFile("prices.yaml", "name: ours\ncurrency: EUR\nputsPerThousand: 10\ngigabyteMonth: 100\n"u8.ToArray());

        var one = (await EstimateAsync(Trail(Everything), "--log", RealLog, "--prices", prices))["trails"]![0]!["daily"]!;
        var three = (await EstimateAsync(
            Trail(Everything), "--log", RealLog, "--prices", prices, "--api-servers", "3", "--keep-days", "60"))["trails"]![0]!["daily"]!;

        Assert.Equal((30, "EUR"), ((int)one["keepDays"]!, (string)one["currency"]!));
        Assert.Equal((double)one["objects"]! * 30 / 1000 * 10, (double)one["requestsCostAMonth"]!, 6);
        Assert.Equal((double)one["storedBytes"]! * 30 / 1e9 * 100, (double)one["storageCostAMonth"]!, 6);
        Assert.Equal((double)one["objects"]! * 3, (double)three["objects"]!, 6);
        Assert.Equal((double)one["storageCostAMonth"]! * 6, (double)three["storageCostAMonth"]!, 6);
    }

    [Fact]
    public async Task ForPeopleItSaysWhatWouldSaveMost()
    {
        var outcome = await CommandLine.RunAsync("estimate", "-f", Trail(Everything), "--log", RealLog);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("Trail main records 13,312 of them, 100.0 %.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("once 30 days are kept", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("estimate with a log of a day or more", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("LEVEL METADATA SAVES", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LinesThatAreNoEventsAndTimesOfAnotherAgeChangeNothing()
    {
        var log = folder.AddFile("mixed.log", [.. AuditLog.Content, .. "oops\n"u8, .. AuditLine.Of(("stageTimestamp", "\"9026-01-01T00:00:00.000000Z\"")), (byte)'\n']);

        var outcome = await CommandLine.RunAsync("estimate", "-f", Trail(Everything), "-o", "json", "--log", log);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Agents record such lines too, as Unparsable; they are not in the estimate.", outcome.Error, StringComparison.Ordinal);
        var (mixed, pure) = (JsonNode.Parse(outcome.Output)!, await EstimateAsync(Trail(Everything), "--log", RealLog));
        Assert.Equal((string?)pure["last"], (string?)mixed["last"]);
        Assert.Equal((int)pure["events"]! + 1, (int)mixed["events"]!);
    }

    [Fact]
    public async Task EachFileIsHeldAgainstWhatALogHas()
    {
        var first = folder.AddFile("first.log", [.. AuditLine.Of(), .. "\noops\n"u8]);
        var second = folder.AddFile("second.log", [.. AuditLine.Of(), .. "\noops\noops\n"u8]);
        var junk = folder.AddFile("junk.log", "oops\noops\n"u8.ToArray());

        var mixed = await CommandLine.RunAsync("estimate", "-f", Trail(Everything), "--log", first, "--log", second);
        var wrong = await CommandLine.RunAsync("estimate", "-f", Trail(Everything), "--log", first, "--log", junk);

        Assert.Contains($"{first}: 1 line or document is no event.", mixed.Error, StringComparison.Ordinal);
        Assert.Contains($"{second}: 2 lines or documents are no event.", mixed.Error, StringComparison.Ordinal);
        Assert.Equal((0, 2), (mixed.ExitCode, wrong.ExitCode));
        Assert.Contains($"{junk} is wrong", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAnArchiveOnlyTheTimeThatIsAskedForCounts()
    {
        using var agent = new AgentFolder();
        var log = Log(
            AuditLine.Of(("stageTimestamp", "\"2026-11-22T05:00:00.000000Z\"")), AuditLine.Of(("stageTimestamp", "\"2026-11-22T06:00:00.000000Z\"")));
        await RunAgentAsync(agent, File.ReadAllBytes(log), 2);

        var estimate = await EstimateAsync(Trail(Everything), "--archive", agent.ArchivePath, "--since", "2026-11-22T05:30:00Z");

        Assert.Equal(1, (int)estimate["events"]!);
    }

    [Theory]
    [InlineData("Give --log or --archive.")]
    [InlineData("--since is for --archive; a log is read whole.", "--log", "LOG", "--since", "1d")]
    [InlineData("is given twice; its events would count twice.", "--log", "LOG", "--log", "LOG")]
    [InlineData("Give --log or --archive.", "--log", "LOG", "--archive", "LOG")]
    [InlineData("--keep-days is 0; allowed: a whole number from 1 to 36500.", "--log", "LOG", "--keep-days", "0")]
    [InlineData("--api-servers is 1001; allowed: a whole number from 1 to 1000.", "--log", "LOG", "--api-servers", "1001")]
    [InlineData("gigabyteMonth is -1; allowed: 0 or more.", "--log", "LOG", "--prices", "BAD")]
    [InlineData("No audit event was read; there is nothing to estimate.", "--log", "EMPTY")]
    [InlineData("none of its lines or documents is an event of audit.k8s.io/v1, or a record of an archive", "--log", "BAD")]
    public async Task WhatIsWrongIsASentence(string sentence, params string[] arguments)
    {
        var names = new Dictionary<string, string>
        {
            ["LOG"] = Log(AuditLine.Of()),
            ["BAD"] = folder.AddFile("bad.yaml", "gigabyteMonth: -1\n"u8.ToArray()),
            ["EMPTY"] = folder.AddFile("empty.log", []),
        };

        var outcome = await CommandLine.RunAsync(
            ["estimate", "-f", Trail(Everything), .. arguments.Select(argument => names.GetValueOrDefault(argument, argument))]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task AnArchiveIsEstimatedAsALogIs()
    {
        var log = Log(AuditLine.Of(), AuditLine.Of(("requestObject", "{}")));
        using var agent = new AgentFolder();
        await RunAgentAsync(agent, File.ReadAllBytes(log), 2);

        var ofArchive = await EstimateAsync(Trail(Everything), "--archive", agent.ArchivePath);
        var ofLog = await EstimateAsync(Trail(Everything), "--log", log);

        Assert.Equal(ofLog["trails"]!.ToJsonString(), ofArchive["trails"]!.ToJsonString());
    }

    static async Task<JsonNode> EstimateAsync(string trail, params string[] arguments)
    {
        var outcome = await CommandLine.RunAsync(["estimate", "-f", trail, "-o", "json", .. arguments]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return JsonNode.Parse(outcome.Output)!;
    }

    static async Task<(long Records, long Bytes, long Stored, long Objects)> RecordedByAnAgentAsync()
    {
        using var agent = new AgentFolder();
        var events = AuditLog.Lines().Count;
        var objects = await RunAgentAsync(agent, AuditLog.Content, events);
        return (events, objects.Sum(one => PlainBatch.LinesOf(one).Sum(line => line.Length + 1L)), objects.Sum(one => (long)one.Length), objects.Count);
    }

    static async Task<IReadOnlyList<byte[]>> RunAgentAsync(AgentFolder folder, byte[] log, int events)
    {
        File.WriteAllBytes(folder.LogPath, log);
        using var agent = AgentProcess.Start(
            folder.Root, folder.Configuration with { ClusterName = "prod-eu", Batch = new() { MaxAgeSeconds = 3600 } });
        await Eventually.HoldsAsync("the agent has read the log", async () =>
        {
            using var http = new HttpClient();
            var status = JsonNode.Parse(await http.GetStringAsync(new Uri(await agent.Url, "status")))!;
            return (int)status["sources"]![0]!["readEvents"]! == events;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(0, await agent.StopAsync());
        return
        [
            .. Directory.EnumerateFiles(folder.ArchivePath, "*.ndjson.zst", SearchOption.AllDirectories).Select(File.ReadAllBytes),
        ];
    }

    string Trail(string yaml) => folder.AddFile("trail.yaml", Encoding.UTF8.GetBytes(yaml));

    string Log(params byte[][] lines) => folder.AddFile("audit.log", [.. lines.SelectMany(line => line.Append((byte)'\n'))]);
}

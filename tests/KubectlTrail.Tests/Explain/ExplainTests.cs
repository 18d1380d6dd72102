using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Archive;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Explain;

/// <summary><c>kubectl trail explain</c>, end to end.</summary>
public sealed class ExplainTests : IDisposable
{
    const string Rules = """
        rules:
        - name: reads
          severity: low
          group: own
          description: Somebody read three pods.
          match: { verbs: [get], resources: [{ group: "", resources: [pods] }] }
          threshold: { count: 3, windowSeconds: 60, by: [user.username] }
        - name: refused
          severity: high
          group: own
          description: Somebody was refused.
          match: { verbs: [get], fields: [{ path: responseStatus.code, operator: Equals, values: ["403"] }] }
        - name: deletes
          severity: low
          group: own
          description: Somebody deleted.
          match: { verbs: [delete] }
        """;

    static readonly string Local = Repository.PathOf("docs", "samples", "trail-directory.yaml");

    readonly ArchiveFolder folder = new();
    readonly string rules;

    public ExplainTests() => rules = folder.AddFile("rules.yaml", Encoding.UTF8.GetBytes(Rules));

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task AnEventIsExplainedAsATree()
    {
        var outcome = await CommandLine.RunAsync("explain", Events(AuditLine.Of(("requestObject", "{}"))), "--rules", rules);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(
            """
            2026-11-22T05:35:25.608888Z ann get pods shop/web: ResponseComplete 200, level RequestResponse
            ├─ selectors: recorded at level RequestResponse
            │  └─ everything
            │     └─ rules[0] matches: level RequestResponse
            └─ detections: 0 fire of 2; 1 more is about other verbs or resources
               ├─ reads    would count towards 3 in 60 s by user.username=ann
               └─ refused  no: match.fields[0]: responseStatus.code is "200"; wanted: Equals "403"

            """, outcome.Output);
    }

    [Fact]
    public async Task OfATrailItsSelectorsAndRulesAreExplained()
    {
        var outcome = await CommandLine.RunAsync("explain", Events(AuditLine.Of(("requestObject", "{}"), AuditLine.ObjectRef("pods", "exec"))), "-f", Local);

        Assert.Equal(
            [
                "├─ selectors of Trail local: recorded at level Metadata, without requestObject",
                "│  └─ local",
                "│     ├─ rules[0] no: resources: pods/exec of group \"\" named \"web\" is not among leases of group \"coordination.k8s.io\"",
                "│     └─ rules[1] matches: level Metadata",
            ], outcome.Lines[1..5]);
        Assert.Contains(outcome.Lines, line => line.Contains("pod-exec", StringComparison.Ordinal) && line.EndsWith("fires (high)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RulesAboutOtherRequestsAreShownOnDemand()
    {
        var file = Events(AuditLine.Of());

        var all = await CommandLine.RunAsync("explain", file, "--rules", rules, "--all");
        var one = await CommandLine.RunAsync("explain", file, "--rules", rules, "--rule", "deletes");

        Assert.Contains("deletes  no: match.verbs: \"get\" is not among delete", all.Output, StringComparison.Ordinal);
        Assert.EndsWith("└─ detections: 0 fire of 1\n   └─ deletes  no: match.verbs: \"get\" is not among delete\n", one.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARuleThatIsOffIsExplainedByName()
    {
        var outcome = await CommandLine.RunAsync("explain", Events(AuditLine.Of()), "--rule", "legacy-token-created");

        Assert.Contains("legacy-token-created  no: match.verbs", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralEventsAreSummedUpAsAnAgentCounts()
    {
        byte[] read = AuditLine.Of(), refused = AuditLine.Of(("responseStatus", """{"code":403}"""));

        var outcome = await CommandLine.RunAsync("explain", Events(read, refused, read), "--rules", rules);
        var summary = await CommandLine.RunAsync("explain", Events(read, refused, read), "--rules", rules, "--summary");

        const string Expected = """
            3 events, 3 recorded
            RULE     SEVERITY  FINDINGS  NOT EVALUABLE  NEEDS
            refused  high      1         0
            reads    low       1         0
            1 other rule found nothing

            """;
        Assert.Equal(3, outcome.Lines.Count(line => line.StartsWith("2026-", StringComparison.Ordinal)));
        Assert.EndsWith($"\n\n{Expected}", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(Expected, summary.Output);
    }

    [Fact]
    public async Task ARecordAndAnEventOverSeveralLinesAreReadToo()
    {
        var audit = Encoding.UTF8.GetString(AuditLine.Of());
        var pretty = JsonNode.Parse(audit)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        var record = $$"""{"eventVersion":"1.0","eventCategory":"Management","event":{{audit}},"recordedLevel":"Metadata"}""";
        const string Insight = """{"eventVersion":"1.0","eventCategory":"Insight"}""";
        const string Process = """{"eventVersion":"1.0","eventCategory":"Workload","event":{"kind":"ProcessEvent"}}""";

        var plain = await CommandLine.RunAsync("explain", Events(AuditLine.Of()));
        var ofPretty = await CommandLine.RunAsync("explain", folder.AddFile("pretty.json", Encoding.UTF8.GetBytes(pretty)));
        var ofRecord = await CommandLine.RunAsync("explain", folder.AddFile("records.json", Encoding.UTF8.GetBytes($"{Insight}\n{Process}\n{record}\n")));
        var ofTwo = await CommandLine.RunAsync("explain", folder.AddFile("two.json", Encoding.UTF8.GetBytes(pretty + pretty)), "--summary");
        var ofGzip = await CommandLine.RunAsync("explain", folder.AddFile("log.gz", Some.Gzip(audit)));
        var ofZstd = await CommandLine.RunAsync("explain", folder.AddFile("log.zst", Some.Zstd(audit)));
        var withoutName = await CommandLine.RunAsync("explain", folder.AddFile("log", [.. Some.Zstd(Insight), .. Some.Zstd(record)]));

        Assert.StartsWith("2026-11-22T05:35:25.608888Z ann get pods shop/web", plain.Output, StringComparison.Ordinal);
        Assert.All([ofPretty, ofRecord, ofGzip, ofZstd, withoutName], outcome => Assert.Equal(plain.Output, outcome.Output));
        Assert.StartsWith("2 events, 2 recorded\n", ofTwo.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "not joined: it was started in its container")]
    [InlineData("""{"startedBy":"ApiRequest","apiEvents":[{"eventID":"e-1","eventTime":"t","userIdentity":{"type":"User","userName":"alice"}}]}""", "API event e-1 of t, by alice (User)")]
    [InlineData("""{"startedBy":"ApiRequest","inheritedFrom":"7-1","apiEvents":[{"eventID":"e-1"}]}""", "below process 7-1, which entered the container")]
    [InlineData("""{"startedBy":"ApiRequest","apiEvents":[{"eventID":"e-1"},{"eventID":"e-2"}]}""", "each of these API events can have started it")]
    [InlineData("""{"startedBy":"PodSpec"}""", "for a probe or a hook")]
    [InlineData("""{"startedBy":"Unexplained"}""", "exec-without-api-event   fires (high)")]
    [InlineData("""{"startedBy":"Unexplained","inheritedFrom":"7-1"}""", "exec-without-api-event   no: ")]
    [InlineData("""{"startedBy":"Unexplained","takenApiEvents":[{"eventID":"e-1"}]}""", "had started another process already: API event e-1")]
    [InlineData("""{"notEvaluable":"The operator is away."}""", "nobody can say what started it: The operator is away.")]
    [InlineData("""{"notEvaluable":"The operator is away."}""", "exec-without-api-event   not evaluable: ")]
    [InlineData("[]", "not joined")]
    [InlineData("""{"startedBy":7,"apiEvents":{},"takenApiEvents":[[]]}""", "the record has no reason")]
    public async Task OfAProcessItIsSaidWhoStartedIt(string join, string said)
    {
        var member = join.Length == 0 ? "" : $",\"join\":{join}";
        var line = $$"""{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1","time":"2026-11-26T10:00:00Z","container":{"id":"c","namespace":"shop","pod":"cart-0"},"process":{"executable":"/bin/sh","arguments":["sh"]}{{member}}}""";
        var record = $$"""{"eventVersion":"1.0","eventCategory":"Workload","event":{{line}}}""";

        var ofLine = await CommandLine.RunAsync("explain", folder.AddFile("line.json", Encoding.UTF8.GetBytes(line)), "--pack", "processes");
        var ofRecord = await CommandLine.RunAsync("explain", folder.AddFile("record.json", Encoding.UTF8.GetBytes(record)), "--pack", "processes");

        Assert.Equal((0, ofLine.Output), (ofRecord.ExitCode, ofRecord.Output));
        Assert.StartsWith("2026-11-26T10:00:00Z process /bin/sh exec pods shop/cart-0", ofLine.Output, StringComparison.Ordinal);
        Assert.Contains(said, ofLine.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public async Task ACompressedLogThatIsCutOffIsTold(Codec codec)
    {
        var whole = Some.Compressed(codec, Encoding.UTF8.GetString(AuditLine.Of()));
        var file = folder.AddFile("log", whole[..^6]);

        var outcome = await CommandLine.RunAsync("explain", file);

        Assert.Equal(2, outcome.ExitCode);
        Assert.StartsWith($"kubectl trail: {file} cannot be read: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramsTakeALineAnEvent()
    {
        var outcome = await CommandLine.RunAsync("explain", Events(AuditLine.Of(), AuditLine.Of()), "--rules", rules, "-o", "json");

        Assert.Equal(3, outcome.Lines.Length);
        var first = JsonNode.Parse(outcome.Lines[0])!["explanations"]![0]!;
        Assert.Equal(("RequestResponse", "reads", "Counts"), ($"{first["selectors"]!["recordedLevel"]}", $"{first["detections"]![0]!["rule"]}", $"{first["detections"]![0]!["verdict"]}"));
        Assert.Equal("2", $"{JsonNode.Parse(outcome.Lines[2])!["summary"]![0]!["events"]}");
    }

    [Fact]
    public async Task ARealLogIsSummedUp()
    {
        var outcome = await CommandLine.RunAsync("explain", AuditLog.DataPath("audit-kubernetes-1.36.log.gz"), "--summary", "-f", Local);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Matches($"^{RealLog.Lines.Count} events, [0-9]+ recorded of Trail local$", outcome.Lines[0]);
        Assert.Contains(outcome.Lines, line => line.StartsWith("secret-read-burst ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"kind\":\"Pod\"}", "its first line or document is neither an event of audit.k8s.io/v1")]
    [InlineData("level: Metadata", "its first line or document is neither an event")]
    [InlineData("", "it has no audit event")]
    public async Task AWrongFileIsRefused(string text, string expected)
    {
        var outcome = await CommandLine.RunAsync("explain", folder.AddFile("wrong.json", Encoding.UTF8.GetBytes(text)));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeIsRefused()
    {
        var file = Events(AuditLine.Of());

        Assert.Equal(2, (await CommandLine.RunAsync("explain", "no-such-file")).ExitCode);
        Assert.Contains("omit --pack and --rules", (await CommandLine.RunAsync("explain", file, "-f", Local, "--pack", "baseline")).Error, StringComparison.Ordinal);
        Assert.Contains("EVENT or -f, not for both", (await CommandLine.RunAsync("explain", "-", "-f", "-")).Error, StringComparison.Ordinal);
        Assert.Contains("Rule other is not enabled", (await CommandLine.RunAsync("explain", file, "--rule", "other")).Error, StringComparison.Ordinal);
    }

    string Events(params byte[][] events) => folder.AddFile("events.json", [.. events.SelectMany(line => line.Append((byte)'\n'))]);
}

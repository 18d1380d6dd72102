using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kubectl.Tests.Reading;

namespace ClusterTrail.Kubectl.Tests.Lookup;

public sealed class LookupTests : IDisposable
{
    const string SecretRead = """
        {"eventVersion":"1.0","eventID":"s-1","eventTime":"2026-03-01T12:00:01Z","eventCategory":"Management","eventSource":"core","eventName":"get secrets","readOnly":true,"userIdentity":{"type":"User","userName":"ann"},"sourceIPAddress":"10.1.2.3","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-1","stage":"ResponseComplete","verb":"get","user":{"username":"ann","groups":["dev"]},"objectRef":{"resource":"secrets","namespace":"shop","name":"db","apiVersion":"v1"},"responseStatus":{"code":200},"userAgent":"kubectl/1.36"}}
        """;

    const string Exec = """
        {"eventVersion":"1.0","eventID":"e-1","eventTime":"2026-03-01T12:00:02Z","eventCategory":"Data","eventSource":"core","eventName":"create pods/exec","readOnly":false,"userIdentity":{"type":"User","userName":"bob","actingAs":"root"},"sourceIPAddress":"192.0.2.7","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-2","stage":"ResponseComplete","verb":"create","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0","subresource":"exec"},"responseStatus":{"code":101}}}
        """;

    const string Refused = """
        {"eventVersion":"1.0","eventID":"r-1","eventTime":"2026-03-01T12:00:03Z","eventCategory":"Management","eventSource":"apps","eventName":"delete deployments","readOnly":false,"userIdentity":{"type":"User","userName":"=cmd|' /C calc'!A0"},"sourceIPAddress":"fd00::1","errorCode":"Forbidden","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-3","stage":"ResponseComplete","verb":"delete","objectRef":{"resource":"deployments","apiGroup":"apps","namespace":"bank","name":"web"},"responseStatus":{"code":403}}}
        """;

    const string Finding = """
        {"eventVersion":"1.0","eventID":"e-1-pod-exec","eventTime":"2026-03-01T12:00:02Z","eventCategory":"Insight","eventSource":"core","eventName":"create pods/exec","readOnly":false,"userIdentity":{"type":"User","userName":"bob"},"clusterName":"prod","nodeName":"cp-1","trail":"main","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0","subresource":"exec"},"insightDetails":{"rule":"pod-exec","severity":"high","eventIDs":["e-1"]}}
        """;

    const string Process = """
        {"eventVersion":"1.0","eventID":"p-1","eventTime":"2026-03-01T12:00:04Z","eventCategory":"Workload","eventSource":"process","eventName":"exec","clusterName":"prod","nodeName":"worker-1","trail":"main","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0"},"event":{"container":{"name":"app","pod":"cart-0"},"process":{"executable":"/bin/sh","arguments":["sh","-c","id"]},"join":{"startedBy":"ApiRequest","apiEvents":[{"eventID":"e-1","auditID":"a-2","userIdentity":{"userName":"bob"}}]}}}
        """;

    readonly ArchiveFolder archive = new();

    public LookupTests()
    {
        archive.Add(Some.Batch(), Some.Zstd(SecretRead, Exec, Finding, Refused));
        archive.Add(Some.Batch(node: "worker-1"), Some.Zstd(Process));
    }

    public void Dispose() => archive.Dispose();

    [Theory]
    [InlineData("s-1", "--user", "ann")]
    [InlineData("s-1 e-1 e-1-pod-exec", "--user", "ann", "--user", "b*")]
    [InlineData("e-1", "--user", "root")]
    [InlineData("e-1 e-1-pod-exec", "--verb", "create")]
    [InlineData("p-1", "--verb", "exec")]
    [InlineData("e-1 e-1-pod-exec p-1", "--resource", "pods")]
    [InlineData("e-1 e-1-pod-exec", "--resource", "pods/exec")]
    [InlineData("r-1", "--resource", "deployments.apps")]
    [InlineData("", "--resource", "deployments.extensions")]
    [InlineData("s-1 r-1", "--resource", "secrets", "--resource", "deployments")]
    [InlineData("r-1", "-n", "bank")]
    [InlineData("s-1", "--namespace", "shop", "--name", "d?", "--name", "db")]
    [InlineData("s-1", "--source-ip", "10.1.2.3")]
    [InlineData("s-1 e-1", "--source-ip", "10.0.0.0/8", "--source-ip", "192.0.*")]
    [InlineData("r-1", "--source-ip", "fd00::/8")]
    [InlineData("r-1", "--error", "*")]
    [InlineData("r-1", "--error", "403")]
    [InlineData("", "--error", "200")]
    [InlineData("e-1-pod-exec", "--category", "Insight")]
    [InlineData("e-1-pod-exec", "--rule", "pod-*")]
    [InlineData("e-1-pod-exec", "--severity", "high", "--severity", "critical")]
    [InlineData("e-1 e-1-pod-exec p-1", "--event-id", "e-1")]
    [InlineData("e-1", "--audit-id", "a-2")]
    [InlineData("s-1", "--read-only", "true")]
    [InlineData("s-1", "--where", "user.groups[*] Equals dev")]
    [InlineData("s-1", "--where", "userAgent StartsWith kubectl/")]
    [InlineData("e-1-pod-exec", "--where", "insightDetails.severity Equals high")]
    [InlineData("p-1", "--where", "process.arguments[*] Equals id")]
    [InlineData("p-1", "--where", "event.process.executable EndsWith /sh")]
    [InlineData("p-1", "--node", "worker-1")]
    [InlineData("", "--cluster", "test")]
    [InlineData("r-1 p-1", "--since", "2026-03-01T12:00:03Z")]
    [InlineData("s-1", "--until", "2026-03-01T12:00:02Z")]
    [InlineData("e-1 e-1-pod-exec", "--since", "2026-03-01T12:00:02Z", "--until", "2026-03-01 12:00:03")]
    [InlineData("e-1", "--namespace", "shop", "--read-only", "false", "--where", "responseStatus.code Exists")]
    public async Task OnlyWhatIsAskedForIsFound(string expected, params string[] options)
    {
        var outcome = await CommandLine.RunAsync(["lookup", archive.Path, "-o", "json", "--oldest-first", .. options]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Ids(outcome));
        Assert.Equal(expected.Length == 0 ? "No record was found.\n" : "", outcome.Error);
    }

    [Theory]
    [InlineData("--category", "Foo", "Insight")]
    [InlineData("--severity", "High", "high")]
    [InlineData("--read-only", "yes", "true")]
    public async Task AValueThatNoRecordCanHaveIsRefused(string option, string value, string allowed)
    {
        var outcome = await CommandLine.RunAsync("lookup", "no-such-archive", option, value);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(value, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(allowed, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheNewestComeFirstAndThatThereMayBeMoreIsSaid()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--limit", "2");

        Assert.Equal(["p-1", "r-1"], Ids(outcome));
        Assert.Equal("These are the newest 2; there may be more: --limit 0 shows all.\n", outcome.Error);
    }

    [Fact]
    public async Task AroundARecordIsWhatItsUserDidAndWhatWasDoneOnItsObject()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--around", "e-1", "--window", "1m");

        Assert.Equal(["e-1", "e-1-pod-exec", "p-1"], Ids(outcome));
    }

    [Fact]
    public async Task AroundARecordThatIsNotThereIsAnError()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "--around", "nobody");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("kubectl trail: --around nobody: no record with this eventID was found.\n", outcome.Error);
    }

    [Fact]
    public async Task ASessionHasTheProcessesThatAPersonStarted()
    {
        var outcome = await CommandLine.RunAsync(
            "lookup", archive.Path, "-o", "json", "--session", "bob", "--since", "2026-03-01", "--until", "2026-03-02");

        Assert.Equal(["e-1", "e-1-pod-exec", "p-1"], Ids(outcome));
    }

    [Fact]
    public async Task ASpreadsheetTakesNoValueForAFormula()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "csv", "--error", "*");

        Assert.Equal(
            "time,id,category,user,impersonated,verb,group,resource,subresource,namespace,name,source_ip,user_agent,status,reason,cluster,"
            + "node,trail,rule,severity,pod,container,executable,audit_id\r\n"
            + "2026-03-01T12:00:03Z,r-1,Management,'=cmd|' /C calc'!A0,,delete,apps,deployments,,bank,web,fd00::1,,403,Forbidden,prod,"
            + "cp-1,main,,,,,,a-3\r\n",
            outcome.Output);
    }

    [Fact]
    public async Task YamlHasADocumentForEachRecord()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "yaml", "--resource", "pods/exec", "--limit", "0");

        Assert.Equal(2, outcome.Lines.Count(line => line == "---"));
        Assert.Contains("  userName: bob", outcome.Lines);
    }

    [Theory]
    [InlineData("\"a\":1,\"a\":2")]
    [InlineData("\"a\":\"\\ud800\"")]
    public async Task WhatNoYamlCanSayIsToldAndTheRestIsPrinted(string member)
    {
        archive.Add(Some.Batch(sequence: 2), Some.Zstd(Refused.Replace("\"event\":{", $"\"event\":{{{member},", StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "yaml", "--error", "*");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Single(outcome.Lines, line => line == "---");
        Assert.Contains("cannot be shown like this: use -o json.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheWideTableHasMoreColumns()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "wide", "--user", "ann");

        Assert.Equal(
            """
            TIME                  USER  ACTION       OBJECT   SOURCE    RESULT  CATEGORY    CLUSTER  NODE  USER AGENT    EVENT ID
            2026-03-01T12:00:01Z  ann   get secrets  shop/db  10.1.2.3  200     Management  prod     cp-1  kubectl/1.36  s-1

            """.ReplaceLineEndings("\n"),
            outcome.Output);
    }

    [Theory]
    [InlineData("--limit -1 is negative; give a number, or 0 for all", "--limit", "-1")]
    [InlineData("--window soon is no duration; give one like 90s, 5m or 1h", "--window", "soon")]
    [InlineData("--follow has no end; leave out --until and --limit", "--follow", "--limit", "3")]
    [InlineData("--around, --session and --follow are for different questions; give one of them", "--around", "x", "--session", "y")]
    [InlineData("--until 2026-03-01T00:00:00.0000000+00:00 is not after --since 2026-03-02T00:00:00.0000000+00:00",
        "--since", "2026-03-02", "--until", "2026-03-01")]
    [InlineData("--source-ip 10.0.0.1/8 is no network; give one like 10.0.0.0/8 without host bits, an address, or 10.1.*",
        "--source-ip", "10.0.0.1/8")]
    public async Task WrongUsageIsASentence(string expected, params string[] options)
    {
        var outcome = await CommandLine.RunAsync(["lookup", archive.Path, .. options]);

        Assert.Equal((2, $"kubectl trail: {expected}.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task WithoutTheKeyEncryptedObjectsAreNamedAndTheOthersRead()
    {
        var pair = KeyPair.GenerateP256();
        archive.Add(Some.Batch(sequence: 2, encrypted: true), Some.Sealed(pair, Refused));

        var without = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--error", "*");
        var with = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--error", "*", "--key", archive.AddKey(pair));

        Assert.Equal(3, without.ExitCode);
        Assert.Contains("encrypted; give the private key with --key", without.Error, StringComparison.Ordinal);
        Assert.Equal(["r-1"], Ids(without));
        Assert.Equal(["r-1", "r-1"], Ids(with));
    }

    [Fact]
    public async Task OfABucketOnlyTheDaysThatAreAskedForAreListed()
    {
        await using var s3 = await FakeS3.StartAsync();
        for (var day = 0; day < 10; day++)
        {
            s3[$"prod/{Some.Batch(Some.Time.AddDays(day), sequence: day + 1)}"] = Some.Zstd(
                SecretRead.Replace("2026-03-01", $"2026-03-{day + 1:D2}", StringComparison.Ordinal));
        }

        var outcome = await CommandLine.RunAsync(
            [
                "lookup", "s3://bucket/prod", "--endpoint", s3.Url, "--path-style", "-o", "json",
                "--since", "2026-03-05", "--until", "2026-03-06",
            ]);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("2026-03-05T12:00:01Z", Assert.Single(outcome.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "--user", "ann")]
    [InlineData("", "--source-ip", "fd00:0:0::1")]
    [InlineData("", "--event-id", "e-1")]
    [InlineData("", "--around", "e-1")]
    [InlineData("", "--session", "bob", "--since", "2026-03-01")]
    [InlineData("", "--since", "2026-03-01T12:00:03Z")]
    [InlineData("", "--node", "worker-1")]
    [InlineData("", "--cluster", "prod", "--limit", "2")]
    [InlineData("No record was found.\n", "--trail", "other")]
    public async Task AnExportIsSearchedAsTheArchiveIs(string said, params string[] options)
    {
        using var export = new ArchiveFolder();
        await CommandLine.RunAsync("export", archive.Path, "--to", export.Path);

        var ofArchive = await CommandLine.RunAsync(["lookup", archive.Path, "-o", "json", .. options]);
        var ofExport = await CommandLine.RunAsync(["lookup", export.Path, "-o", "json", .. options]);

        Assert.Equal((ofArchive.ExitCode, ofArchive.Error), (ofExport.ExitCode, ofExport.Error));
        Assert.Equal(Ids(ofArchive).Order(StringComparer.Ordinal), Ids(ofExport).Order(StringComparer.Ordinal));
        Assert.True(said == ofExport.Error || ofExport.Lines.Length > 0);
    }

    [Fact]
    public async Task AnExportCannotBeFollowedAndHasNoDigests()
    {
        using var export = new ArchiveFolder();
        await CommandLine.RunAsync("export", archive.Path, "--to", export.Path);

        var followed = await CommandLine.RunAsync("lookup", export.Path, "--follow");

        Assert.Equal(
            (2, $"kubectl trail: {export.Path} is an export, in which nothing arrives by itself; follow the archive, or omit --follow.\n"),
            (followed.ExitCode, followed.Error));
    }

    [Theory]
    [InlineData("fd00:0:0:0::1")]
    [InlineData("FD00::0001")]
    public async Task AnAddressIsFoundHoweverItIsSpelled(string address)
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--source-ip", address);

        Assert.Equal(["r-1"], Ids(outcome));
    }

    [Theory]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("10.1.2.3", "::ffff:10.1.2.3")]
    [InlineData("10.1.2.3", "::FFFF:0a01:0203")]
    [InlineData("::ffff:10.1.0.0/112", "10.1.2.3")]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3")]
    public async Task AnAddressOfIpv4IsTheSameAsOneOfIpv6(string asked, string recorded)
    {
        using var other = new ArchiveFolder();
        other.Add(Some.Batch(), Some.Zstd(SecretRead.Replace("10.1.2.3", recorded, StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("lookup", other.Path, "-o", "json", "--source-ip", asked);

        Assert.Equal(["s-1"], Ids(outcome));
    }

    [Fact]
    public async Task AnObjectThatNoAgentNamesIsToldAndNotRead()
    {
        var planted = archive.AddFile("events/cluster=prod/planted.ndjson.zst", Some.Zstd(SecretRead));

        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--user", "ann");
        var alone = await CommandLine.RunAsync("lookup", planted, "-o", "json", "--user", "ann");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal(["s-1"], Ids(outcome));
        Assert.Equal(
            $"kubectl trail: {planted} is not read: no agent names an object of an archive like this; find out who put it there; "
                + "to read it, give it as a location of its own.\n",
            outcome.Error);
        Assert.Equal((0, 1), (alone.ExitCode, alone.Lines.Length));
    }

    [Fact]
    public async Task ABatchThatBeganWeeksBeforeIsFound()
    {
        archive.Add(Some.Batch(Some.Time.AddDays(-20), node: "cp-2"), Some.Zstd(SecretRead.Replace("s-1", "late", StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--user", "ann", "--since", "2026-03-01");

        Assert.Equal(["late", "s-1"], Ids(outcome).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ARecordIsLookedForUntilItIsFound()
    {
        await using var s3 = await FakeS3.StartAsync();
        for (var day = 0; day < 40; day++)
        {
            s3[$"{Some.Batch(Some.Time.AddDays(day), sequence: day + 1)}"] = Some.Zstd(
                SecretRead.Replace("2026-03-01T12", $"{Some.Time.AddDays(day):yyyy-MM-ddTHH}", StringComparison.Ordinal)
                    .Replace("s-1", $"s-{day}", StringComparison.Ordinal));
        }

        var outcome = await CommandLine.RunAsync(
            "lookup", "s3://bucket", "--endpoint", s3.Url, "--path-style", "-o", "json", "--around", "s-39");

        Assert.Equal(["s-39"], Ids(outcome));
        Assert.InRange(s3.Got.Count, 1, 20);
    }

    [Fact]
    public async Task FindingsInCsvHaveTheirWholeObject()
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "csv", "--category", "Insight");

        Assert.EndsWith(
            "e-1-pod-exec,Insight,bob,,create,,pods,exec,shop,cart-0,,,,,prod,cp-1,main,pod-exec,high,,,,\r\n", outcome.Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("json", @"b\u202eob\u009b2J\udb40\udc41")]
    [InlineData("yaml", @"b\u202eob\x9B2J\U000E0041")]
    public async Task ATerminalIsShownNothingThatHidesOrReorders(string format, string shown)
    {
        using var other = new ArchiveFolder();
        other.Add(Some.Batch(), Some.Zstd(Some.Record("b\u202eob\u009b2J\U000e0041")));

        var onTerminal = await CommandLine.RunOnAsync(80, "lookup", other.Path, "-o", format);
        var inPipe = await CommandLine.RunAsync("lookup", other.Path, "-o", format);

        Assert.Contains(shown, onTerminal.Output, StringComparison.Ordinal);
        Assert.Equal(format == "json" ? Some.Record("b\u202eob\u009b2J\U000e0041") + "\n" : onTerminal.Output, inPipe.Output);
    }

    static IEnumerable<string> Ids(Outcome outcome) =>
        outcome.Lines.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("eventID").GetString()!);
}

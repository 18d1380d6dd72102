using ClusterTrail.Archive.Sealing;
using ClusterTrail.Kubectl.Tests.Reading;
using static ClusterTrail.Kubectl.Tests.Lookup.LookupRecords;

namespace ClusterTrail.Kubectl.Tests.Lookup;

public sealed class LookupTests : IDisposable
{
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
    [InlineData("", "--session", "bob", "--until", "0001-01-01")]
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
    [InlineData("t-1", "eventContext.tagContext.resourceTags[*].tags.team Equals web")]
    [InlineData("t-1", "eventContext.tagContext.resourceTags[*].tags['app.kubernetes.io/name'] Exists")]
    [InlineData("t-1", "eventContext.tagContext.resourceTags[*].tags[\"app.kubernetes.io/name\"] Equals a")]
    [InlineData("", "eventContext.tagContext.resourceTags[*].tags.app.kubernetes.io/name Equals a")]
    [InlineData("", "eventContext.tagContext.resourceTags[*].tags.team Equals api")]
    public async Task LabelsAreAFieldToo(string expected, string condition)
    {
        const string context =
            """ "eventContext":{"tagContext":{"resourceTags":[{"resource":"namespaces","name":"shop","tags":{"team":"web","app.kubernetes.io/name":"a"}}]}},"event": """;
        var labelled = SecretRead.Replace("s-1", "t-1", StringComparison.Ordinal).Replace("\"event\":", context, StringComparison.Ordinal);
        archive.Add(Some.Batch(node: "cp-2"), Some.Zstd(labelled));

        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--where", condition);

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), Ids(outcome));
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
            + "node,trail,rule,severity,pod,container,executable,audit_id,count\r\n"
            + "2026-03-01T12:00:03Z,r-1,Management,'=cmd|' /C calc'!A0,,delete,apps,deployments,,bank,web,fd00::1,,403,Forbidden,prod,"
            + "cp-1,main,,,,,,a-3,\r\n",
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
}

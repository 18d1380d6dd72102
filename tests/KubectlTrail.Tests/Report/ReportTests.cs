using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Kubectl.Report;
using ClusterTrail.Kubectl.Tests.Query;

namespace ClusterTrail.Kubectl.Tests.Report;

/// <summary><c>kubectl trail report</c>, end to end, of the archive of questions and of one with digests.</summary>
public sealed partial class ReportTests : IDisposable
{
    static readonly string Digests = Repository.PathOf("tests", "data", "digests");

    readonly QuestionArchive archive = new();
    readonly ArchiveFolder files = new();

    static IReadOnlyList<Section> All { get; } = Sections.Of("NULL::TIMESTAMPTZ", "NULL::TIMESTAMPTZ");

    public void Dispose()
    {
        archive.Dispose();
        files.Dispose();
    }

    [Fact]
    public async Task EachPartSaysWhatTheRecordsSay()
    {
        var report = await JsonAsync("--for", "soc2");

        var counts = report["sections"]!.AsArray().ToDictionary(section => (string)section!["id"]!, section => (long)section!["count"]!);
        Assert.Equal(All.Select(section => section.Id), counts.Keys);
        Assert.Equal(
            (1, 1, 2, 1), (counts["coverage"], counts["unreadable-lines"], counts["findings"], counts["sessions"]));
        Assert.Contains("eve@example.com", Rows(report, "sessions").Select(row => (string?)row["user"]));
        Assert.Contains("clusterrolebindings", Rows(report, "rights-changed").Select(row => (string?)row["resource"]));
        Assert.All(Rows(report, "access-refused"), row => Assert.Equal("403", (string?)row["status"]));
        Assert.NotEmpty(Rows(report, "secrets-read"));
        Assert.NotEmpty(Rows(report, "acting-as-others"));
    }

    [Fact]
    public async Task EveryQueryThatItNamesGivesItsRows()
    {
        var report = await JsonAsync("--for", "nist", "--since", "2026-03-01", "--until", "2026-03-03");

        foreach (var part in report["sections"]!.AsArray().Append(report["graveFindings"]))
        {
            var command = (string)part!["command"]!;
            Assert.StartsWith($"kubectl trail query {archive.Path} --since 2026-03-01T00:00:00Z --until 2026-03-03T00:00:00Z \"", command, StringComparison.Ordinal);
            var sql = Unquoted().Replace(command[(command.IndexOf('"', StringComparison.Ordinal) + 1)..^1], "$1");

            var rows = await CommandLine.RunAsync(
                "query", archive.Path, "--key", archive.KeyPath, "--since", "2026-03-01T00:00:00Z", "--until", "2026-03-03T00:00:00Z", sql, "-o", "json");

            Assert.Equal(0, rows.ExitCode);
            Assert.Equal((long)part["count"]!, rows.Lines.Length);
        }
    }

    [Theory]
    [InlineData("cis")]
    [InlineData("soc2")]
    [InlineData("pci")]
    [InlineData("iso27001")]
    [InlineData("nist")]
    public async Task ThePageMapsEachPartToControlsAndLinksItsQuery(string framework)
    {
        var page = (await RunAsync("--for", framework)).Output;

        var targets = Ids().Matches(page).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.All(Links().Matches(page).Select(match => match.Groups[1].Value), link => Assert.Contains(link, targets));
        Assert.All(All, section => Assert.Contains($"q-{section.Id}", targets));
        Assert.Contains("href=\"#integrity\"", page[page.IndexOf("id=\"controls\"", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("It was not verified that the archive is complete and unchanged", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EachControlIsInTheDocumentation()
    {
        var page = File.ReadAllText(Repository.PathOf("docs", "report.md"));

        Assert.All(All, section => Assert.Contains($"| {section.Title} |", page, StringComparison.Ordinal));
        Assert.All(
            All.Select(section => section.Controls).Append(Frameworks.OfIntegrity).SelectMany(controls => controls.Values).SelectMany(all => all),
            control => Assert.Matches($"[| ]{Regex.Escape(control)}[ ,]", page));
    }

    [Fact]
    public async Task WithAKeyTheArchiveIsVerified()
    {
        var outcome = await CommandLine.RunAsync(
            "report", Path.Combine(Digests, "archive"), "--for", "pci", "-o", "json", "--keys", Path.Combine(Digests, "operator.pub.pem"));

        var integrity = JsonNode.Parse(outcome.Output)!["integrity"]!;
        Assert.NotEmpty(integrity["chains"]!.AsArray());
        var chain = integrity["chains"]![0]!;
        Assert.True((long)chain["linesRead"]! >= (long)chain["records"]! && (long)chain["records"]! > 0, $"{chain}");
        Assert.Equal(1, (long)chain["gaps"]!);
        var verified = await CommandLine.RunAsync("verify", Path.Combine(Digests, "archive"), "--keys", Path.Combine(Digests, "operator.pub.pem"));
        Assert.Equal(verified.ExitCode, outcome.ExitCode);
        Assert.Equal((true, verified.ExitCode == 0), ((bool)integrity["checked"]!, (bool)integrity["verified"]!));
    }

    [Fact]
    public async Task WithAnotherKeyNothingIsVerified()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var other = files.AddFile("other.pub.pem", Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()));

        var outcome = await CommandLine.RunAsync("report", Path.Combine(Digests, "archive"), "--for", "pci", "-o", "json", "--keys", other);

        Assert.True(outcome.ExitCode >= 20, $"exit code {outcome.ExitCode}");
        var integrity = JsonNode.Parse(outcome.Output)!["integrity"]!;
        Assert.False((bool)integrity["verified"]!);
        Assert.NotEmpty(integrity["chains"]!.AsArray());
        Assert.All(integrity["chains"]!.AsArray(), chain => Assert.Null(chain!["verifiedUntil"]));
    }

    [Fact]
    public async Task AReportOfAPartSaysSo()
    {
        var report = await JsonAsync("--for", "cis", "--node", "cp-1");
        var page = (await RunAsync("--for", "cis", "--node", "cp-1")).Output;

        Assert.Equal("cp-1", (string?)report["node"]);
        Assert.All(report["sections"]!.AsArray(), part => Assert.Contains(" --node cp-1 ", (string)part!["command"]!, StringComparison.Ordinal));
        Assert.Contains("cp-1", page[..page.IndexOf("In short", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Contains("No record says so.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Nobody did", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALongValueIsCut()
    {
        archive.Add(
            new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99,
            Some.Record(new string('u', 1 << 20)).Replace("\"get pods\"", "\"get secrets\"", StringComparison.Ordinal));

        Assert.InRange((await RunAsync("--for", "cis")).OutputBytes.Length, 1000, 200_000);
    }

    [Fact]
    public async Task AReviewOfNoFindingOfThePeriodIsNamed()
    {
        var outcome = await RunAsync("--for", "pci", "--reviewed", files.AddFile("reviewed.yaml", "findings:\n- rule: no-such\n  by: carol\n"u8.ToArray()));

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("--reviewed names no-such, which is no grave finding of this period.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindingsThatSomebodyLookedAtAreNotOpen()
    {
        var all = (await JsonAsync("--for", "pci"))["graveFindings"]!;
        Assert.Equal((long)all["count"]!, (long)all["open"]!);
        var first = all["findings"]![0]!;
        var reviewed = files.AddFile("reviewed.yaml", Encoding.UTF8.GetBytes(
            $"findings:\n- id: {first["id"]}\n  by: carol\n  note: a drill\n"));

        var report = await JsonAsync("--for", "pci", "--reviewed", reviewed);

        Assert.Equal((long)all["open"]! - 1, (long)report["graveFindings"]!["open"]!);
        Assert.Equal(("carol", "a drill"),
            ((string)report["graveFindings"]!["findings"]![0]!["reviewedBy"]!, (string)report["graveFindings"]!["findings"]![0]!["note"]!));
    }

    [Theory]
    [InlineData("findings:\n- by: carol\n", "findings[0] has neither rule and id; allowed: one of the two")]
    [InlineData("findings:\n- id: a\n", "findings[0].by is missing")]
    [InlineData("finding: []\n", "finding is not a field")]
    public async Task AWrongFileOfReviewsIsASentence(string yaml, string sentence)
    {
        var outcome = await RunAsync("--for", "pci", "--reviewed", files.AddFile("reviewed.yaml", Encoding.UTF8.GetBytes(yaml)));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeReadIsInThePage()
    {
        var outcome = await CommandLine.RunAsync("report", archive.Path, "--for", "cis");

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.InRange(
            outcome.Output.IndexOf("What could not be read", StringComparison.Ordinal), 0, outcome.Output.IndexOf("In short", StringComparison.Ordinal));
        Assert.Contains("encrypted", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnExportCannotBeVerified()
    {
        var export = Path.Combine(files.Path, "export");
        Assert.Equal(0, (await CommandLine.RunAsync("export", archive.Path, "--key", archive.KeyPath, "--to", export)).ExitCode);

        var verified = await CommandLine.RunAsync("report", export, "--for", "cis", "--keys", Path.Combine(Digests, "operator.pub.pem"));
        var report = await CommandLine.RunAsync("report", export, "--for", "cis", "-o", "json");

        Assert.Equal(2, verified.ExitCode);
        Assert.Contains("is an export, and digests are of an archive's objects", verified.Error, StringComparison.Ordinal);
        var ofArchive = await JsonAsync("--for", "cis");
        Assert.Equal(
            ofArchive["sections"]!.AsArray().Select(section => (long)section!["count"]!),
            JsonNode.Parse(report.Output)!["sections"]!.AsArray().Select(section => (long)section!["count"]!));
    }

    [Fact]
    public async Task RecordsCannotPutMarkupIntoThePage()
    {
        archive.Add(
            new(2026, 3, 2, 2, 0, 0, TimeSpan.Zero), "cp-1", 99,
            Some.Record("<script>alert(1)</script>\\u202e\\\"x").Replace("\"get pods\"", "\"get secrets\"", StringComparison.Ordinal));

        var page = (await RunAsync("--for", "cis")).Output;

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', page);
    }

    Task<Outcome> RunAsync(params string[] arguments) =>
        CommandLine.RunAsync(["report", archive.Path, "--key", archive.KeyPath, .. arguments]);

    async Task<JsonNode> JsonAsync(params string[] arguments)
    {
        var outcome = await RunAsync([.. arguments, "-o", "json"]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return JsonNode.Parse(outcome.Output)!;
    }

    static List<JsonNode> Rows(JsonNode report, string id)
    {
        var part = report["sections"]!.AsArray().OfType<JsonNode>().Single(section => (string?)section["id"] == id);
        return [.. part["rows"]!.AsArray().OfType<JsonNode>()];
    }

    [GeneratedRegex("""\\(["\\$`])""")]
    private static partial Regex Unquoted();

    [GeneratedRegex(" id=\"([^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"#([^\"]+)\"")]
    private static partial Regex Links();
}

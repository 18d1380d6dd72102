using System.Text.Json.Nodes;

namespace ClusterTrail.Kubectl.Tests.Report;

/// <summary>Parts of a report, of one record.</summary>
public sealed class ReportPartsTests : IDisposable
{
    const string AsMaster = """
        {"eventVersion":"1.0","eventID":"m-1","eventTime":"2026-03-01T12:00:00Z","eventCategory":"Management","eventName":"get pods","userIdentity":{"userName":"eve","actingAs":"bob"},"sourceIPAddress":"192.0.2.9","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"stage":"ResponseComplete","user":{"groups":["dev"]},"impersonatedUser":{"username":"bob","groups":["system:masters","ops"]},"responseStatus":{"code":200}}}
        """;

    readonly ArchiveFolder files = new();

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GroupsThatWereTakenByImpersonationAreThere(bool isExport)
    {
        files.Add(Some.Batch(), Some.Zstd(AsMaster));
        using var export = new ArchiveFolder();
        await CommandLine.RunAsync("export", files.Path, "--to", export.Path);

        var outcome = await CommandLine.RunAsync("report", isExport ? export.Path : files.Path, "--for", "cis", "-o", "json");

        var report = JsonNode.Parse(outcome.Output)!;
        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal("system:masters, ops", (string?)Assert.Single(Rows(report, "acting-as-others"))["impersonated_groups"]);
        Assert.Equal("eve", (string?)Assert.Single(Rows(report, "admin-rights-used"))["user"]);
    }

    [Fact]
    public async Task ThePausesAtTheEdgesOfThePeriodAreThere()
    {
        files.Add(Some.Batch(), Some.Zstd(AsMaster));

        var outcome = await CommandLine.RunAsync(
            "report", files.Path, "--for", "cis", "-o", "json", "--since", "2026-03-01T08:00:00Z", "--until", "2026-03-01T12:30:00Z");
        var open = await CommandLine.RunAsync("report", files.Path, "--for", "cis", "-o", "json", "--until", "2026-03-01T12:30:00Z");

        var row = Assert.Single(Rows(JsonNode.Parse(outcome.Output)!, "coverage"));
        Assert.Equal(("04:00:00", "00:30:00"), ((string?)row["time_before_first"], (string?)row["time_after_last"]));
        Assert.Null((string?)Assert.Single(Rows(JsonNode.Parse(open.Output)!, "coverage"))["time_before_first"]);
    }

    static List<JsonNode> Rows(JsonNode report, string id)
    {
        var part = report["sections"]!.AsArray().OfType<JsonNode>().Single(section => (string?)section["id"] == id);
        return [.. part["rows"]!.AsArray().OfType<JsonNode>()];
    }
}

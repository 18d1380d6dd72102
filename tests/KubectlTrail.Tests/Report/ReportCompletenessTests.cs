using System.Text.Json.Nodes;

namespace ClusterTrail.Kubectl.Tests.Report;

/// <summary>What a report says of events that the operator found missing.</summary>
public sealed class ReportCompletenessTests
{
    static readonly string Digests = Repository.PathOf("tests", "data", "digests");

    [Fact]
    public async Task WhatTheOperatorFoundMissingIsSaidOfEachChain()
    {
        var json = await IntegrityAsync("archive-1.1");
        var page = await RunAsync("archive-1.1", "html");

        var said = json["chains"]![0]!["completeness"]!;
        Assert.Equal("2026-11-27T10:11:00.123+00:00", (string)said["comparedUntil"]!);
        Assert.Equal((7, 7, 0, false), (
            (long)said["missingAtLeast"]!, (long)said["missingAtMost"]!, (long)said["surplusAtLeast"]!, (bool)said["ofAll"]!));
        Assert.Contains("Connection refused", (string)said["notCompared"]!, StringComparison.Ordinal);
        Assert.Equal(["DeclaredMissing"], json["findings"]!.AsArray().Select(one => (string)one!["kind"]!));
        Assert.Contains("<td>7</td>", page, StringComparison.Ordinal);
        Assert.Contains(
            "2026-11-27T10:11:00.123Z (not possible since 2026-11-27T10:11:30.123Z: the API server at 10.0.0.1:6443: Connection refused.)",
            page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNobodyComparedThatIsSaid()
    {
        var json = await IntegrityAsync("archive");

        Assert.Null(json["chains"]![0]!["completeness"]!["comparedUntil"]);
        Assert.Contains("<td>never</td>", await RunAsync("archive", "html"), StringComparison.Ordinal);
    }

    static async Task<JsonNode> IntegrityAsync(string archive) => JsonNode.Parse(await RunAsync(archive, "json"))!["integrity"]!;

    static async Task<string> RunAsync(string archive, string format) => (await CommandLine.RunAsync(
        "report", Path.Combine(Digests, archive), "--for", "pci", "--keys", Path.Combine(Digests, "operator.pub.pem"), "-o", format)).Output;
}

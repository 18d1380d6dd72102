using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Contract.Yaml;

namespace ClusterTrail.Trails.Tests.Manifests;

public sealed partial class AgentAlertsTests
{
    [Fact]
    public void EveryMetricIsOneThatAgentsHave()
    {
        var documented = Metric().Matches(File.ReadAllText(Repository.PathOf("docs", "metrics.md"))).Select(match => match.Value).ToHashSet();

        var used = Rules(Some.Trail()).SelectMany(rule => Metric().Matches((string)rule["expr"]!)).Select(match => match.Value).ToHashSet();

        Assert.Equal(10, used.Count);
        Assert.Subset(documented, used);
    }

    [Fact]
    public void EverySeriesIsThatOfTheTrail() =>
        Assert.All(Rules(Some.Trail()), rule => Assert.Equal(Name().Count((string)rule["expr"]!), TrailLabel().Count((string)rule["expr"]!)));

    [Fact]
    public void AStoppedTrailMayLag()
    {
        var alerts = Rules(Some.Trail().With("spec.logging", "false")).Select(rule => (string?)rule["alert"]).ToList();

        Assert.DoesNotContain("ClusterTrailLagging", alerts);
        Assert.Contains("ClusterTrailNotDelivering", alerts);
    }

    [Fact]
    [Requires(Requires.Prometheus)]
    public async Task PromtoolTakesThem()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Join("rules.yaml"), YamlWriter.Write([Spec(Some.Trail())]));

        var promtool = await Part.Prometheus.PathOfAsync("promtool", TestContext.Current.CancellationToken).OrSkipAsync();
        using var check = Process.Start(new ProcessStartInfo(promtool, ["check", "rules", folder.Join("rules.yaml")]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("SUCCESS: 10 rules found", said, StringComparison.Ordinal);
        Assert.Equal(0, check.ExitCode);
    }

    static JsonNode Spec(JsonObject trail) =>
        AgentManifests.Build(trail.ToTrail(), Some.Inputs with { PrometheusRules = true }).Single(one => one.Type.Kind == "PrometheusRule").Json["spec"]!;

    static List<JsonNode> Rules(JsonObject trail) => [.. Spec(trail)["groups"]![0]!["rules"]!.AsArray().OfType<JsonNode>()];

    [GeneratedRegex("clustertrail_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("clustertrail_[a-z_]+|\\bup\\{")]
    private static partial Regex Name();

    [GeneratedRegex("trail=\"main\"")]
    private static partial Regex TrailLabel();
}

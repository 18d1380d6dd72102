using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Chart.Tests;

public sealed partial class DashboardTests
{
    static readonly JsonNode Dashboard =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Chart, "files", "dashboards", "clustertrail-agents.json")))!;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryMetricOfThePanelsIsInTheDocument()
    {
        var documented = MetricOf().Matches(File.ReadAllText(Repository.PathOf("docs", "metrics.md"))).Select(match => match.Value)
            .ToHashSet();

        var shown = Expressions().SelectMany(expression => MetricOf().Matches(expression)).Select(match => Family(match.Value)).ToHashSet();

        Assert.True(shown.Count > 15);
        Assert.Empty(shown.Except(documented));
    }

    [Fact]
    public void PanelsLieBesideEachOther()
    {
        var cells = Panels().SelectMany(CellsOf).ToList();

        Assert.Equal(cells.Count, cells.Distinct().Count());
        Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
        Assert.Equal(Panels().Count(), Panels().Select(panel => (int)panel["id"]!).Distinct().Count());
    }

    [Fact]
    [Requires(Requires.Prometheus)]
    public async Task PrometheusUnderstandsEveryExpression()
    {
        var promtool = await Part.Prometheus.PathOfAsync("promtool", Cancelled).OrSkipAsync();
        using var folder = new TemporaryFolder();
        var rules = Expressions().Select((expression, i) =>
            new JsonObject { ["record"] = $"panel:{i}", ["expr"] = AsGrafanaSends(expression) });
        var groups = new JsonArray(new JsonObject { ["name"] = "panels", ["rules"] = new JsonArray([.. rules]) });
        await File.WriteAllTextAsync(folder.Join("rules.json"), new JsonObject { ["groups"] = groups }.ToJsonString(), Cancelled);

        var result = await Tool.RunAsync(promtool, ["check", "rules", folder.Join("rules.json")], Cancelled);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    [Requires(Requires.Helm)]
    public async Task TheConfigMapHoldsItWordForWord()
    {
        using var helm = await Helm.FindAsync();

        var configMap = (await helm.RenderAsync("--set=dashboard.enabled=true"))["ConfigMap/clustertrail-dashboards"];

        Assert.Equal("1", (string?)configMap["metadata"]!["labels"]!["grafana_dashboard"]);
        Assert.True(JsonNode.DeepEquals(Dashboard, JsonNode.Parse((string)configMap["data"]!["clustertrail-agents.json"]!)));
    }

    static IEnumerable<JsonNode> Panels() => Dashboard["panels"]!.AsArray().OfType<JsonNode>();

    static IEnumerable<string> Expressions() =>
        Panels().SelectMany(panel => panel["targets"]!.AsArray()).Select(target => (string)target!["expr"]!);

    static string AsGrafanaSends(string expression) => expression.Replace("$__rate_interval", "5m", StringComparison.Ordinal);

    static IEnumerable<(int X, int Y)> CellsOf(JsonNode panel)
    {
        var at = panel["gridPos"]!;
        return from x in Enumerable.Range((int)at["x"]!, (int)at["w"]!)
               from y in Enumerable.Range((int)at["y"]!, (int)at["h"]!)
               select (x, y);
    }

    static string Family(string metric) => metric.EndsWith("_bucket", StringComparison.Ordinal) ? metric[..^"_bucket".Length] : metric;

    [GeneratedRegex("(clustertrail|process)_[a-z_]+")]
    private static partial Regex MetricOf();
}

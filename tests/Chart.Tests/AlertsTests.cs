using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Chart.Tests;

/// <summary>The operator's alerts, tried by promtool on an hour of made-up series.</summary>
[Requires(Requires.Helm, Requires.Prometheus)]
public sealed partial class AlertsTests
{
    // Of the operator's metrics, without their prefix and the labels that all have.
    static readonly string[] Well =
    [
        "up: 1x60",
        "leader: 1x60",
        "reconciles_total{controller=\"Trail\",result=\"Succeeded\"}: 0+10x60",
        "reconciles_total{controller=\"Trail\",result=\"Failed\"}: 0x60",
        "watch_restarts_total{kind=\"Trail\",reason=\"Ended\"}: 0+10x60",
        "undecodable_objects_total{kind=\"Trail\"}: 0x60",
    ];

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "", "")]
    [InlineData("up", "up: 0x60", "ClusterTrailOperatorDown")]
    [InlineData("leader", "leader: 0x60", "ClusterTrailOperatorWithoutLeader")]
    [InlineData("Failed", "reconciles_total{controller=\"Trail\",result=\"Failed\"}: 0+1x60", "ClusterTrailReconcileErrors")]
    [InlineData("Ended", "watch_restarts_total{kind=\"Trail\",reason=\"Failed\"}: 0+2x60", "ClusterTrailWatchesFail")]
    [InlineData("undecodable", "undecodable_objects_total{kind=\"Trail\"}: 0+1x60", "ClusterTrailObjectsUnreadable")]
    public async Task AnAlertIsRaisedByItsTroubleAlone(string instead, string series, string alert)
    {
        var replaced = series.Length == 0 ? Well : [.. Well.Where(line => !line.Contains(instead, StringComparison.Ordinal)), series];
        using var folder = new TemporaryFolder();
        var groups = await GroupsAsync();
        await File.WriteAllTextAsync(folder.Join("rules.json"), new JsonObject { ["groups"] = groups.DeepClone() }.ToJsonString(), Cancelled);
        var test = Test(replaced, AlertsOf(groups), alert);
        await File.WriteAllTextAsync(folder.Join("test.json"), test.ToJsonString(), Cancelled);

        var promtool = await Part.Prometheus.PathOfAsync("promtool", Cancelled).OrSkipAsync();
        var result = await Tool.RunAsync(promtool, ["test", "rules", folder.Join("test.json")], Cancelled);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [Fact]
    public async Task EveryMetricIsOneOfTheOperators()
    {
        string[] known =
        [
            "clustertrail_operator_leader", "clustertrail_operator_reconciles_total", "clustertrail_operator_undecodable_objects_total",
            "clustertrail_operator_watch_restarts_total",
        ];

        var used = MetricOf().Matches((await GroupsAsync()).ToJsonString()).Select(match => match.Value);

        Assert.Equal(known, used.Distinct().Order(StringComparer.Ordinal));
    }

    static async Task<JsonArray> GroupsAsync()
    {
        using var helm = await Helm.FindAsync();
        var rule = (await helm.RenderAsync("--set=prometheusRule.enabled=true"))["PrometheusRule/clustertrail-operator"];
        return rule["spec"]!["groups"]!.AsArray();
    }

    static IEnumerable<string> AlertsOf(JsonArray groups) =>
        groups.SelectMany(group => group!["rules"]!.AsArray()).Select(rule => (string)rule!["alert"]!);

    // promtool compares labels and annotations too; that the alert is there, and the others are not, is what an expression asks.
    static JsonObject Test(IEnumerable<string> series, IEnumerable<string> alerts, string raised) => new()
    {
        ["rule_files"] = new JsonArray("rules.json"),
        ["tests"] = new JsonArray(new JsonObject
        {
            ["interval"] = "1m",
            ["input_series"] = new JsonArray([.. series.Select(Series)]),
            ["promql_expr_test"] = new JsonArray([.. alerts.Select(alert => Expectation(alert, alert == raised))]),
        }),
    };

    static JsonObject Series(string line)
    {
        var parts = line.Split([": ", "{", "}"], StringSplitOptions.RemoveEmptyEntries);
        var name = parts[0] == "up" ? "up" : $"clustertrail_operator_{parts[0]}";
        var labels = string.Join(',', ["job=\"clustertrail-operator\"", "namespace=\"audit\"", .. parts[1..^1]]);
        return new() { ["series"] = $"{name}{{{labels}}}", ["values"] = parts[^1] };
    }

    static JsonObject Expectation(string alert, bool raised) => new()
    {
        ["expr"] = $"count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\"}})",
        ["eval_time"] = "50m",
        ["exp_samples"] = raised ? new JsonArray(new JsonObject { ["labels"] = "{}", ["value"] = 1 }) : [],
    };

    [GeneratedRegex("clustertrail_operator_[a-z_]+")]
    private static partial Regex MetricOf();
}

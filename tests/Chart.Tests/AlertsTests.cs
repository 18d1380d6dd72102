using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Chart.Tests;

/// <summary>The rules of rules/: what promtool says of them and of their tests, and that nothing is left out.</summary>
public sealed partial class AlertsTests
{
    // Those of others.
    static readonly string[] Foreign = ["up", "apiserver_audit_error_total"];

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Tests => [.. RuleFiles.TestPaths.Select(path => Path.GetFileName(path))];

    [Fact]
    [Requires(Requires.Prometheus)]
    public async Task PromtoolFindsNothingWrong()
    {
        var said = await PromtoolAsync(["check", "rules", .. RuleFiles.Paths]);

        Assert.All(RuleFiles.Paths, path =>
            Assert.Contains($"SUCCESS: {RuleFiles.Rules(path).Count()} rules found", said, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    [Requires(Requires.Prometheus)]
    public async Task EveryTestOfTheRulesPasses(string file) =>
        Assert.Contains(
            "SUCCESS", await PromtoolAsync(["test", "rules", Repository.PathOf("rules", "tests", file)]), StringComparison.Ordinal);

    [Fact]
    public void EveryAlertFiresInATestAndIsQuietInAnother()
    {
        var asked = RuleFiles.TestPaths
            .SelectMany(path => RuleFiles.Read(path)["tests"]!.AsArray())
            .SelectMany(test => test!["alert_rule_test"]?.AsArray() ?? [])
            .Select(asked => (Alert: (string)asked!["alertname"]!, Fires: asked["exp_alerts"]!.AsArray().Count > 0))
            .ToHashSet();

        var alerts = RuleFiles.Alerts.Select(Name).ToList();

        Assert.True(alerts.Count > 40);
        Assert.All(alerts, alert => Assert.Contains((alert, true), asked));
        Assert.All(alerts, alert => Assert.Contains((alert, false), asked));
    }

    [Fact]
    public void NamesAreUniqueAndOurs()
    {
        var names = RuleFiles.Alerts.Select(Name).ToList();

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^ClusterTrail[A-Z][A-Za-z]+$", name));
    }

    [Fact]
    public void EveryAlertSaysHowBadItIsAndWhatItIsAbout() => Assert.All(RuleFiles.Alerts, alert =>
    {
        Assert.Contains((string?)alert["labels"]!["severity"], (string[])["critical", "warning", "info"]);
        Assert.EndsWith(".", (string)alert["annotations"]!["summary"]!, StringComparison.Ordinal);
        Assert.EndsWith(".", (string)alert["annotations"]!["description"]!, StringComparison.Ordinal);
        Assert.NotNull((string?)alert["annotations"]!["runbook_url"]);
    });

    [Fact]
    public void EveryMetricIsInTheDocuments()
    {
        var documented = Metrics(
            File.ReadAllText(Repository.PathOf("docs", "metrics.md"))
                + Documented(File.ReadAllText(Repository.PathOf("docs", "operator.md"))));
        var used = RuleFiles.Paths.SelectMany(RuleFiles.Rules).SelectMany(rule => Metrics((string)rule["expr"]!)).ToHashSet();

        Assert.True(used.Count > 25);
        Assert.Empty(used.Except(documented).Except(Foreign));
    }

    [Fact]
    [Requires(Requires.Helm)]
    public async Task TheChartHoldsThemAndRendersThemWordForWord()
    {
        const string Elsewhere = "https://wiki.example.com/clustertrail";
        using var helm = await Helm.FindAsync();
        var rendered = await helm.RenderAsync(
            "--set=prometheusRule.enabled=true", $"--set=prometheusRule.runbookUrl={Elsewhere}", "--set=prometheusRule.labels.release=p");

        Assert.Equal(RuleFiles.Paths.Count, rendered.OfKind("PrometheusRule").Count());
        Assert.Equal(
            RuleFiles.Paths.Select(Path.GetFileName), Directory.GetFiles(Held()).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var path in RuleFiles.Paths)
        {
            var text = await File.ReadAllTextAsync(path, Cancelled);
            Golden.Check(Held(Path.GetFileName(path)), text);
            var rule = rendered[$"PrometheusRule/{Path.GetFileNameWithoutExtension(path)}"];
            Assert.Equal("p", (string?)rule["metadata"]!["labels"]!["release"]);
            var expected = Yaml.Documents(text.Replace(Runbooks.Base, Elsewhere, StringComparison.Ordinal)).Single();
            Assert.True(JsonNode.DeepEquals(expected, rule["spec"]), $"{path} is rendered as something else.");
        }
    }

    static string Held(params string[] parts) => Path.Combine([Repository.Chart, "files", "rules", .. parts]);

    static string Name(JsonNode alert) => (string)alert["alert"]!;

    // docs/operator.md leaves the beginning of some names out.
    static string Documented(string text) => text.Replace("`…_", "`clustertrail_operator_", StringComparison.Ordinal);

    static HashSet<string> Metrics(string text) =>
        [.. MetricOf().Matches(text).Select(match => match.Value).Where(name => !name.EndsWith('_'))];

    static async Task<string> PromtoolAsync(IEnumerable<string> arguments)
    {
        var promtool = await Part.Prometheus.PathOfAsync("promtool", Cancelled).OrSkipAsync();
        var result = await Tool.RunAsync(promtool, arguments, Cancelled);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    [GeneratedRegex(@"\b(?<!:)(clustertrail|process|apiserver)_[a-z_]+|\bup(?=[{ ])")]
    private static partial Regex MetricOf();
}

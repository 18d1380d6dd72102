using System.Text;
using ClusterTrail.Contract.Yaml;

namespace ClusterTrail.Kubectl.Tests.Render;

/// <summary>Rule files that a Trail names, out of ConfigMaps of the input.</summary>
public sealed class RuleFilesTests : IDisposable
{
    const string Trail = """
        apiVersion: clustertrail.io/v1alpha1
        kind: Trail
        metadata: { name: main }
        spec:
          clusterName: prod
          sources: { apiServer: { type: LogFile, logFile: { path: /var/log/audit/audit.log } } }
          sink: { type: S3, s3: { bucket: audit } }
          detections: { enable: [payments-exec], ruleFiles: [{ configMapName: payments-rules }] }
        """;

    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("render")]
    [InlineData("policy")]
    public async Task WithoutItsConfigMapATrailIsTakenWithoutTheRules(string command)
    {
        var outcome = await CommandLine.RunAsync(command, "-f", Written("trail.yaml", Trail));

        Assert.Equal(0, outcome.ExitCode);
        Assert.StartsWith(
            "kubectl trail: Trail main: spec.detections.ruleFiles[0] is skipped: "
                + "the input has no ConfigMap payments-rules with the key rules.yaml",
            outcome.Error, StringComparison.Ordinal);
        Assert.Single(outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("payments-secret-read", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithItTheRulesAreInTheFile()
    {
        var outcome = await CommandLine.RunAsync("render", "-f", Written("trail.yaml", Trail), "-f", Sample);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var file = (string)YamlText.Read(outcome.Output).Single(one => (string?)one["kind"] == "ConfigMap")["data"]!["detections.json"]!;
        Assert.Contains("\"name\":\"payments-secret-read\"", file, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clustertrail-system", true)]
    [InlineData("audit", false)]
    public async Task ItMustBeInTheOperatorsNamespace(string @namespace, bool isFound)
    {
        var outcome = await CommandLine.RunAsync("render", "-n", @namespace, "-f", Written("trail.yaml", Trail), "-f", Sample);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(isFound, outcome.Error.Length == 0);
    }

    [Fact]
    public async Task AWrongFileIsRefusedWithConfigMapFieldAndValue()
    {
        var text = await File.ReadAllTextAsync(Sample, TestContext.Current.CancellationToken);

        var outcome = await CommandLine.RunAsync("render", "-f", Written("trail.yaml", Trail), "-f",
            Written("rules.yaml", text.Replace("critical", "grave", StringComparison.Ordinal)));

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal(
            "kubectl trail: Trail main: spec.detections.ruleFiles[0]: ConfigMap clustertrail-system/payments-rules, rules.yaml: "
                + "rules[0].severity is \"grave\"; allowed: info, low, medium, high, critical.\n",
            outcome.Error);
    }

    [Fact]
    public async Task ARuleThatIsNowhereIsRefusedOnceTheFileIsThere()
    {
        var outcome = await CommandLine.RunAsync(
            "render", "-f", Written("trail.yaml", Trail.Replace("[payments-exec]", "[payments-exe]", StringComparison.Ordinal)), "-f",
            Sample);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("Trail main: spec.detections.enable[0] is \"payments-exe\"; allowed: the name of a rule", outcome.Error,
            StringComparison.Ordinal);
    }

    static string Sample => Repository.PathOf("docs", "samples", "detection-rules.yaml");

    string Written(string name, string text) => folder.AddFile(name, Encoding.UTF8.GetBytes(text));
}

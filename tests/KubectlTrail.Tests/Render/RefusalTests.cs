using System.Text;
using System.Text.RegularExpressions;

namespace ClusterTrail.Kubectl.Tests.Render;

public sealed class RefusalTests : IDisposable
{
    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WithNeitherAFileNorAClusterThereIsNothingToRender()
    {
        var outcome = await CommandLine.RunAsync("render");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("kubectl trail: There is no Trail to render; give a file with -f, or --from-cluster.\n", outcome.Error);
    }

    [Theory]
    [InlineData("clusterName: prod-eu", "clusterName: prod-eu\n  color: red",
        "Trail main: spec.color is not a field; allowed: clusterName, logging, sources, *")]
    [InlineData("clusterName: prod-eu", "clusterName: 12",
        "Trail main: spec.clusterName is 12; allowed: a text of 1 to 253 characters that matches *")]
    [InlineData("clusterName: prod-eu", "clusterName: prod_",
        "Trail main: spec.clusterName is \"prod_\"; allowed: a text of 1 to 253 characters that matches *")]
    [InlineData("clusterName: prod-eu", "logging: yes", "Trail main: spec.clusterName is missing; allowed: a text of 1 to 253 characters*")]
    [InlineData(
        "clusterName: prod-eu", "clusterName: prod-eu\n  logging: 'yes'", "Trail main: spec.logging is \"yes\"; allowed: true or false.")]
    [InlineData(
        "clusterName: prod-eu", "clusterName: prod-eu\n  batch: { maxAgeSeconds: 0, compression: { type: gzip, level: high } }",
        "Trail main: spec.batch.maxAgeSeconds is 0; allowed: a whole number from 1 to 3600.\n*spec.batch.compression.type is "
            + "\"gzip\"; allowed: Zstd, Gzip.\n*spec.batch.compression.level is \"high\"; allowed: a whole number from 1 to 9.")]
    [InlineData(
        "clusterName: prod-eu", "clusterName: prod-eu\n  batch: { gzipLevel: 6 }",
        "Trail main: spec.batch.gzipLevel was removed; leave it out to compress with zstd, or write \"compression\": "
            + "{\"type\": \"Gzip\", \"level\": 6} in its place.")]
    [InlineData("clusterName: prod-eu", "clusterName: prod-eu\n  selectors: [{ level: All }]",
        "Trail main: spec.selectors[0].level is \"All\"; allowed: None, Metadata, Request, RequestResponse.")]
    [InlineData("clusterName: prod-eu", "clusterName: prod-eu\n  selectors: { level: All }",
        "Trail main: spec.selectors is an object; allowed: a list.")]
    [InlineData("clusterName: prod-eu", "clusterName: prod-eu\n  encryption: { type: Envelope, envelope: { recipients: [] } }",
        "Trail main: spec.encryption.envelope.recipients is 0 values; allowed: 1 to 20.")]
    [InlineData(
        "clusterName: prod-eu", "clusterName: prod-eu\n  agent: { tolerations: [{ key: a, effect: Never }], extraEnv: [{ value: a }] }",
        "Trail main: spec.agent.tolerations[0].effect is \"Never\"; allowed: NoSchedule, PreferNoSchedule, "
            + "NoExecute.\n*spec.agent.extraEnv[0].name is missing; allowed: a text.")]
    [InlineData("clusterName: prod-eu", "clusterName: prod-eu\n  agent: { resources: { limits: { cpu: 2, memory: [] } } }",
        "Trail main: spec.agent.resources.limits.memory is a list; allowed: a whole number or a text.")]
    [InlineData(
        "type: S3", "type: Directory",
        "Trail main: spec.sink.directory is missing; allowed: an object, because the type is Directory.\n*spec.sink.s3 is given, "
            + "but spec.sink.type is not S3; allowed: one of the two.")]
    [InlineData("name: main", "labels: { a: b }", "Trail without a name: metadata.name is missing; allowed: a name.")]
    [InlineData("name: main", "name: main\n  labels: { a: [] }", "Trail main: metadata.labels.a cannot be read: *")]
    [InlineData("kind: Trail", "kind: Trial",
        "Trial of clustertrail.io/v1alpha1 is not known; allowed: Trail and TrailSelector of clustertrail.io/v1alpha1.")]
    [InlineData("kind: Trail", "type: Trail", "a document has no apiVersion and kind, so it is not a Kubernetes object.")]
    [InlineData("spec:", "spec: [", "not YAML, line *")]
    public async Task AWrongTrailIsRefusedWithFileFieldAndValue(string right, string wrong, string expected)
    {
        var sample = await File.ReadAllTextAsync(Repository.PathOf("docs", "samples", "trail-minimal.yaml"));
        var file = folder.AddFile("trail.yaml", Encoding.UTF8.GetBytes(sample.Replace(right, wrong, StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("render", "-f", file);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Empty(outcome.OutputBytes);
        var sentences = outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var lines = expected.Split('\n');
        Assert.Equal(lines.Length, sentences.Length);
        foreach (var (line, sentence) in lines.Zip(sentences))
            Assert.Matches($"^kubectl trail: ({Regex.Escape(file)}: )?{Pattern(line)}$", sentence);
    }

    [Fact]
    public async Task AFileThatIsNotThereIsTold()
    {
        var outcome = await CommandLine.RunAsync("render", "-f", Path.Combine(folder.Path, "none.yaml"));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("none.yaml cannot be read", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATrailSelectorNeedsItsNamespace()
    {
        var sample = await File.ReadAllTextAsync(Repository.PathOf("docs", "samples", "trailselector.yaml"));
        var file = folder.AddFile(
            "selector.yaml", Encoding.UTF8.GetBytes(sample.Replace("  namespace: payments\n", "", StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("render", "-f", Repository.PathOf("docs", "samples", "trail-minimal.yaml"), "-f", file);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(
            $"kubectl trail: {file}: TrailSelector changes: metadata.namespace is missing; allowed: "
                + "the namespace whose events it is about.\n",
            outcome.Error);
    }

    [Fact]
    public async Task TheSameTrailTwiceIsRefused()
    {
        var sample = Repository.PathOf("docs", "samples", "trail-minimal.yaml");

        var outcome = await CommandLine.RunAsync("render", "-f", sample, "-f", sample);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal($"kubectl trail: {sample}: Trail main is given twice.\n", outcome.Error);
    }

    [Fact]
    public async Task WithoutATrailThereIsNothingToRender()
    {
        var outcome = await CommandLine.RunAsync("render", "-f", Repository.PathOf("docs", "samples", "trailselector.yaml"));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("The input has no Trail; give one with -f.", outcome.Error, StringComparison.Ordinal);
    }

    // A star stands for anything.
    static string Pattern(string line) => Regex.Escape(line).Replace("\\*", ".*", StringComparison.Ordinal);
}

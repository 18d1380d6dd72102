using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Chart.Tests;

/// <summary>What <c>release.sh</c> makes, with the plugin for this platform only.</summary>
[Requires(Requires.Sdk)]
public sealed class ReleaseTests : IClassFixture<ReleaseTests.Release>
{
    static readonly string[] Programs = ["agent/Agent", "operator/Operator", "cli/KubectlTrail"];

    readonly Release release;

    public ReleaseTests(Release release)
    {
        this.release = release;
        Assert.SkipWhen(release.Missing is not null, release.Missing ?? "");
    }

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheChecksumsAreThoseOfAllFiles()
    {
        var sums = (await File.ReadAllLinesAsync(release.PathOf("SHA256SUMS"), Cancelled)).Select(line => line.Split("  ")).ToList();

        Assert.Equal(release.Files.Where(name => name != "SHA256SUMS"), sums.Select(sum => sum[1]));
        Assert.All(sums, sum => Assert.Equal(Sha256(sum[1]), sum[0]));
    }

    [Fact]
    public void TheManifestOfThePluginNamesItsArchives()
    {
        var archive = release.Files.Single(name => name.StartsWith("kubectl-trail_", StringComparison.Ordinal));
        var manifest = File.ReadAllText(release.PathOf("trail.yaml"));

        var entry = $"    uri: https://example.com/archives/{archive}\n    sha256: {Sha256(archive)}\n";
        Assert.Contains(entry, manifest, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(manifest, "sha256:"));
        Assert.DoesNotContain("\n\n", manifest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheArchiveHasAProgramThatRuns()
    {
        var archive = release.Files.Single(name => name.StartsWith("kubectl-trail_", StringComparison.Ordinal));
        using var folder = new TemporaryFolder();

        var unpacked = await Tool.RunAsync("tar", ["-xzf", release.PathOf(archive), "-C", folder.Path], Cancelled);
        var version = await Tool.RunAsync(folder.Join("kubectl-trail"), ["--version"], Cancelled);

        Assert.Equal("", unpacked.Error);
        Assert.Equal(
            ["LICENSE", "kubectl-trail", "libduckdb.so"],
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith(release.Version, version.Output, StringComparison.Ordinal);

        // An export without files, which the library that is beside the program reads.
        Directory.CreateDirectory(folder.Join("export/_clustertrail"));
        await File.WriteAllTextAsync(
            folder.Join("export/_clustertrail/export.json"),
            """{"schemaVersion":1,"schema":"clustertrail","format":"parquet"}""", Cancelled);
        var query = await Tool.RunAsync(
            folder.Join("kubectl-trail"), ["query", folder.Join("export"), "SELECT count(*) AS n FROM events", "-o", "json"], Cancelled);
        Assert.Equal("{\"n\":0}\n", query.Output);
    }

    [Fact]
    public void TheBillOfMaterialsHasEveryPackageOfTheLockFiles()
    {
        using var bill = JsonDocument.Parse(File.ReadAllText(release.PathOf($"clustertrail-{release.Version}.cdx.json")));
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToList();
        var references = components.Select(component => component.GetProperty("bom-ref").GetString()!).ToList();

        var locked = Programs.SelectMany(Locked).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(locked, Purls(components.Where(component => component.GetProperty("type").ValueEquals("library"))));
        Assert.Superset(new HashSet<string>(["clustertrail-agent", "clustertrail-operator", "kubectl-trail"]), references.ToHashSet());
        Assert.Equal(references.Count, references.Distinct().Count());
        foreach (var dependency in bill.RootElement.GetProperty("dependencies").EnumerateArray())
            Assert.All(dependency.GetProperty("dependsOn").EnumerateArray(), on => Assert.Contains(on.GetString()!, references));
    }

    [Fact]
    [Requires(Requires.Helm)]
    public async Task TheChartIsTheOneOfTheRepository()
    {
        using var helm = await Helm.FindAsync();
        var chart = release.PathOf($"clustertrail-{release.Version}.tgz");

        await helm.RunAsync("lint", chart, "--values", Helm.FullValues);
        var packed = await helm.RunAsync("template", Helm.Release, chart, "--namespace", Helm.Namespace, "--values", Helm.FullValues);

        Assert.Equal(await helm.TemplateAsync("--values", Helm.FullValues), packed);
    }

    [Fact]
    public async Task TheSameCommitGivesTheSameBytes()
    {
        using var again = new TemporaryFolder();

        var made = await Release.MakeAsync(again.Path, "none");

        Assert.True(made.ExitCode == 0, made.Error);
        foreach (var name in (string[])[$"clustertrail-{release.Version}.tgz", $"clustertrail-{release.Version}.cdx.json"])
            Assert.Equal(Sha256(name), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(again.Join(name)))));
    }

    [Fact]
    public async Task AFolderThatIsNoReleaseIsNotDeleted()
    {
        using var folder = new TemporaryFolder();
        var mine = folder.Join("mine");
        await File.WriteAllTextAsync(mine, "x", Cancelled);

        var made = await Release.MakeAsync(folder.Path, "none");

        Assert.Equal(2, made.ExitCode);
        Assert.Contains($"--out is {folder.Path}, which is not empty", made.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(mine));
    }

    string Sha256(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(release.PathOf(name))));

    static IEnumerable<string> Purls(IEnumerable<JsonElement> components) =>
        components.Select(component => component.GetProperty("purl").GetString()!).Order(StringComparer.Ordinal);

    static IEnumerable<string> Locked(string project)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(project, "packages.lock.json")));
        return
        [
            .. from package in file.RootElement.GetProperty("dependencies").GetProperty("net10.0").EnumerateObject()
               where !package.Value.GetProperty("type").ValueEquals("Project")
               select $"pkg:nuget/{package.Name}@{package.Value.GetProperty("resolved").GetString()}",
        ];
    }

    /// <summary>Made once for all tests.</summary>
    public sealed class Release : IAsyncLifetime
    {
        readonly TemporaryFolder folder = new();

        public string? Missing { get; private set; }

        public string Version { get; } =
            Regex.Match(File.ReadAllText(Repository.PathOf("Directory.Build.props")), "<Version>(.*)</Version>").Groups[1].Value;

        public IReadOnlyList<string> Files => [.. Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

        public string PathOf(string name) => folder.Join(name);

        internal static Task<ToolResult> MakeAsync(string into, string platforms) => Tool.RunAsync(
            Repository.PathOf("release.sh"), ["--out", into, "--platforms", platforms, "--url", "https://example.com/archives"], Cancelled);

        public async ValueTask InitializeAsync()
        {
            var made = await MakeAsync(folder.Path, "own");
            if (made.ExitCode == 3)
                Missing = made.Output.Split('\n')[^2];
            else if (made.ExitCode != 0)
                throw new InvalidOperationException($"release.sh exited with {made.ExitCode}: {made.Output}{made.Error}");
        }

        public ValueTask DisposeAsync()
        {
            folder.Dispose();
            return default;
        }
    }
}

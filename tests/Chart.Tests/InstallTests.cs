using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

/// <summary>Helm against a real API server.</summary>
[Requires(Requires.Helm, Requires.Cluster)]
[Collection(ClusterFixture.Collection)]
public sealed class InstallTests(ClusterFixture cluster)
{
    static readonly string[] Trail =
    [
        "--set=trail.clusterName=c", "--set=trail.sink.type=Directory",
        "--set=trail.sink.directory.type=HostPath", "--set=trail.sink.directory.hostPath.path=/archive",
    ];

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryObjectIsThereUntilItIsUninstalledAndTheCustomResourcesStay()
    {
        await using var chart = await InstalledChart.InstallAsync(await cluster.StartedAsync());
        using var helm = await Helm.FindAsync();
        var objects = (await helm.RenderAsync()).Objects.Select(o => (Kind: (string)o["kind"]!, Name: (string)o["metadata"]!["name"]!))
            .ToList();
        var kept = objects.Where(o => o.Kind == "CustomResourceDefinition").ToList();

        Assert.Equal(objects, await ThereAsync());
        await chart.UninstallAsync();
        Assert.Equal(kept, await ThereAsync());

        // They carry the release's name, so the same release takes them up again.
        await chart.InstallAsync();
        Assert.Equal(objects, await ThereAsync());

        // An object whose namespace is not the release's is looked for where it is.
        async Task<List<(string Kind, string Name)>> ThereAsync()
        {
            var there = new List<(string, string)>();
            foreach (var (kind, name) in objects)
            {
                var @namespace = name.EndsWith("-events", StringComparison.Ordinal) ? "default" : chart.Namespace;
                var found = await chart.Kubectl.RunAsync(
                    ["get", kind, name, "--namespace", @namespace, "--ignore-not-found", "-o", "name"], Cancelled);
                if (found.Length > 0)
                    there.Add((kind, name));
            }
            return there;
        }
    }

    [Fact]
    public async Task AnUpgradeBringsTheCustomResourcesUpToDateAndKeepsWhatIsOfThem()
    {
        await using var chart = await InstalledChart.InstallAsync(await cluster.StartedAsync());
        const string OldShortName = """[{"op":"replace","path":"/spec/names/shortNames","value":["old"]}]""";
        await chart.Kubectl.RunAsync(["patch", "crd", "trails.clustertrail.io", "--type=json", $"--patch={OldShortName}"], Cancelled);
        await chart.Kubectl.ApplyAsync(SomeTrail("kept"), Cancelled);

        await chart.UpgradeAsync("--set=replicas=1", "--force-conflicts");

        Assert.Equal("1", await FieldAsync("deployment", "clustertrail-operator", "{.spec.replicas}"));
        Assert.Equal("tr", await FieldAsync("crd", "trails.clustertrail.io", "{.spec.names.shortNames[*]}"));
        Assert.False(await chart.HasAsync("poddisruptionbudget", "clustertrail-operator"));
        Assert.True(await chart.HasAsync("trail", "kept"));

        Task<string> FieldAsync(string kind, string name, string path) =>
            chart.Kubectl.RunAsync(["get", kind, name, "--namespace", chart.Namespace, "-o", $"jsonpath={path}"], Cancelled);
    }

    [Fact]
    public async Task TheFirstTrailComesWithTheNextUpgradeAndOutlivesTheRelease()
    {
        await using var chart = await InstalledChart.InstallAsync(await cluster.StartedAsync(), Trail);

        Assert.Contains("THE TRAIL main IS NOT CREATED YET", chart.Notes, StringComparison.Ordinal);
        Assert.False(await chart.HasAsync("trail", "main"));

        Assert.DoesNotContain("NOT CREATED YET", await chart.UpgradeAsync(Trail), StringComparison.Ordinal);
        Assert.True(await chart.HasAsync("trail", "main"));

        await chart.UpgradeAsync();
        Assert.True(await chart.HasAsync("trail", "main"));
        await chart.UninstallAsync();
        Assert.True(await chart.HasAsync("trail", "main"));
    }

    [Fact]
    public async Task WithEveryOptionTheServerTakesIt()
    {
        var server = await cluster.StartedAsync();
        await Monitoring.InstallAsync(server.Admin, Cancelled);

        await using var chart = await InstalledChart.InstallAsync(server, "-f", Helm.FullValues);
        await chart.UpgradeAsync("-f", Helm.FullValues);

        Assert.True(await chart.HasAsync("trail", "everything"));
        Assert.True(await chart.HasAsync("servicemonitor", "clustertrail-operator"));
        Assert.True(await chart.HasAsync("prometheusrule", "clustertrail-operator"));
        Assert.True(await chart.HasAsync("configmap", "clustertrail-dashboards"));
    }

    [Fact]
    public async Task TheNotesSayWhichTrailsThereAreAndHowTheyAre()
    {
        await using var chart = await InstalledChart.InstallAsync(await cluster.StartedAsync());
        Assert.Contains("There is no Trail, so nothing is recorded yet.", chart.Notes, StringComparison.Ordinal);
        foreach (var name in new[] { "fine", "new", "torn" })
            await chart.Kubectl.ApplyAsync(SomeTrail(name), Cancelled);
        await SetReadyAsync("fine", "True", "Recording");
        await SetReadyAsync("torn", "False", "AccessDenied");

        var notes = await chart.UpgradeAsync();

        Assert.DoesNotContain("Nothing is recorded", notes, StringComparison.Ordinal);
        Assert.Contains(
            """

            Trails in this cluster before this upgrade:

              fine                     Ready: True
              new                      Ready: Unknown
              torn                     Ready: False (AccessDenied)

            Check their status, and what to do about a Trail that is not Ready:
            """,
            notes,
            StringComparison.Ordinal);
        // Nobody is asked in such a dry run, so it does not say that there is none.
        Assert.DoesNotContain("Nothing is recorded", await chart.UpgradeAsync("--dry-run=client"), StringComparison.Ordinal);

        Task<string> SetReadyAsync(string trail, string status, string reason)
        {
            var condition = $$"""{"type":"Ready","status":"{{status}}","reason":"{{reason}}","message":"","lastTransitionTime":"2026-03-01T12:00:00Z"}""";
            return chart.Kubectl.RunAsync(
                ["patch", "trail", trail, "--subresource=status", "--type=merge", "--patch", $$$"""{"status":{"conditions":[{{{condition}}}]}}"""], Cancelled);
        }
    }

    [Fact]
    public async Task ASecondInstallationIsRefused()
    {
        var server = await cluster.StartedAsync();
        await using var first = await InstalledChart.InstallAsync(server);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            InstalledChart.InstallAsync(server, "--set=crds.install=false"));

        Assert.Contains("clustertrail-operator", refused.Message, StringComparison.Ordinal);
        Assert.Contains("exists and cannot be imported", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheTrailOfTheNotesIsTaken()
    {
        await using var chart = await InstalledChart.InstallAsync(await cluster.StartedAsync());
        var trail = chart.Notes.Split("<<EOF\n")[1].Split("\n  EOF")[0];

        var result = await chart.Kubectl.TryApplyAsync(trail, ["--dry-run=server"], Cancelled);

        Assert.Equal("", result.Error);
        Assert.Equal("trail.clustertrail.io/main serverside-applied (server dry run)", result.Output);
        // The lines that are commented out fit in.
        var whole = trail.Replace("# credentials:", "credentials:", StringComparison.Ordinal).Replace(
            "#   ", "  ", StringComparison.Ordinal);
        var withCredentials = await chart.Kubectl.TryApplyAsync(
            whole, ["--dry-run=server", "-o", "jsonpath={.spec.sink.s3.credentials.secret.name}"], Cancelled);
        Assert.Equal(("", "s3"), (withCredentials.Error, withCredentials.Output));
        Assert.Contains("No images are published yet", chart.Notes, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "No images are published yet", await chart.UpgradeAsync("--set=image.registry=registry.test"), StringComparison.Ordinal);
    }

    static string SomeTrail(string name) => $$"""
        apiVersion: clustertrail.io/v1alpha1
        kind: Trail
        metadata: { name: {{name}} }
        spec:
          clusterName: c
          sources: { apiServer: { type: LogFile, logFile: { path: /var/log/kubernetes/audit.log } } }
          sink: { type: Directory, directory: { type: HostPath, hostPath: { path: /archive } } }
        """;
}

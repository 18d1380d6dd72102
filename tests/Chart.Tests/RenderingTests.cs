using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

[Requires(Requires.Helm)]
public sealed class RenderingTests
{
    const string KnowsTrails = "--api-versions=clustertrail.io/v1alpha1/Trail";

    [Fact]
    public async Task LintFindsNothing()
    {
        using var helm = await Helm.FindAsync();

        Assert.Contains("0 chart(s) failed", await helm.RunAsync("lint", "--strict", Repository.Chart), StringComparison.Ordinal);
        Assert.Contains("0 chart(s) failed", await helm.RunAsync("lint", "--strict", Repository.Chart, "-f", Helm.FullValues),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheDefaultRenderingIsTheOneKept()
    {
        using var helm = await Helm.FindAsync();

        Golden.Check(GoldenFile("default.yaml"), await helm.TemplateAsync("--set=crds.install=false"));
    }

    [Fact]
    public async Task TheRenderingWithEveryOptionIsTheOneKept()
    {
        using var helm = await Helm.FindAsync();

        Golden.Check(GoldenFile("full.yaml"), await helm.TemplateAsync("-f", Helm.FullValues, "--set=crds.install=false"));
    }

    [Fact]
    public async Task EveryObjectIsComplete()
    {
        using var helm = await Helm.FindAsync();

        foreach (var rendered in (await helm.RenderAsync("-f", Helm.FullValues, KnowsTrails)).Objects)
        {
            Assert.NotNull((string?)rendered["apiVersion"]);
            Assert.NotNull((string?)rendered["kind"]);
            Assert.Equal("clustertrail", (string?)rendered["metadata"]!["labels"]!["app.kubernetes.io/part-of"]);
        }
    }

    [Fact]
    public async Task ByDefaultThereIsNoTrailAndNothingOfThePrometheusOperator()
    {
        using var helm = await Helm.FindAsync();

        var rendered = await helm.RenderAsync(KnowsTrails);

        Assert.Equal(
            [
                "ClusterRole/clustertrail-editor", "ClusterRole/clustertrail-operator", "ClusterRole/clustertrail-selector-editor",
                "ClusterRole/clustertrail-trail-viewer", "ClusterRole/clustertrail-viewer", "ClusterRoleBinding/clustertrail-operator",
                "CustomResourceDefinition/trails.clustertrail.io", "CustomResourceDefinition/trailselectors.clustertrail.io",
                "Deployment/clustertrail-operator", "NetworkPolicy/clustertrail-operator", "PodDisruptionBudget/clustertrail-operator",
                "Role/clustertrail-operator", "Role/clustertrail-operator-events", "RoleBinding/clustertrail-operator",
                "RoleBinding/clustertrail-operator-events", "Service/clustertrail-operator", "ServiceAccount/clustertrail-operator",
            ],
            rendered.Names);
    }

    [Fact]
    public async Task TheOperatorReachesItsAgentsOnEveryPort()
    {
        using var helm = await Helm.FindAsync();

        var egress = (await helm.RenderAsync())["NetworkPolicy/clustertrail-operator"]["spec"]!["egress"]!.AsArray();

        var toAgents = Assert.Single(egress, rule => rule!["to"] is not null)!;
        Assert.Equal("""[{"podSelector":{"matchExpressions":[{"key":"clustertrail.io/trail","operator":"Exists"}]}}]""",
            toAgents["to"]!.ToJsonString());
        Assert.Null(toAgents["ports"]);
    }

    [Theory]
    [InlineData("", """[{"namespaceSelector":{},"podSelector":{"matchLabels":{"app.kubernetes.io/name":"prometheus"}}}]""")]
    [InlineData("--set-json=networkPolicy.metricsFrom=[{\"ipBlock\":{\"cidr\":\"192.0.2.0/24\"}}]", """[{"ipBlock":{"cidr":"192.0.2.0/24"}}]""")]
    [InlineData("--set-json=networkPolicy.metricsFrom=[]", null)]
    public async Task OnlyWhoScrapesAndWhoPollsIsLetIn(string option, string? scrapers)
    {
        const string own =
            """{"podSelector":{"matchLabels":{"app.kubernetes.io/component":"operator","app.kubernetes.io/instance":"clustertrail","app.kubernetes.io/name":"clustertrail"}}}""";
        using var helm = await Helm.FindAsync();

        var rendered = await helm.RenderAsync(option.Length > 0 ? [option] : []);

        var ingress = rendered["NetworkPolicy/clustertrail-operator"]["spec"]!["ingress"]!.AsArray();
        Assert.Equal(scrapers, ingress.Count == 0 ? null : Assert.Single(ingress)!["from"]!.ToJsonString());
        var arguments = rendered["Deployment/clustertrail-operator"]["spec"]!["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray();
        Assert.Contains($"--telemetry-from=[{own}{(scrapers is null ? "" : $",{scrapers[1..^1]}")}]", arguments.Select(one => (string)one!));
    }

    [Fact]
    public async Task WithoutPoliciesAgentsAreOpenToo()
    {
        using var helm = await Helm.FindAsync();

        Assert.DoesNotContain("--telemetry-from", await helm.TemplateAsync("--set=networkPolicy.enabled=false"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneReplicaNeedsNoBudget()
    {
        using var helm = await Helm.FindAsync();

        Assert.False((await helm.RenderAsync("--set=replicas=1")).Has("PodDisruptionBudget/clustertrail-operator"));
    }

    [Fact]
    public async Task TheTrailWaitsUntilItsKindIsKnown()
    {
        using var helm = await Helm.FindAsync();
        string[] trail = ["--set=trail.clusterName=c", "--set=trail.sink.type=Directory"];

        Assert.False((await helm.RenderAsync(trail)).Has("Trail/main"));
        Assert.True((await helm.RenderAsync([.. trail, KnowsTrails])).Has("Trail/main"));
        Assert.True((await helm.RenderAsync([.. trail, "--set=crds.install=false"])).Has("Trail/main"));
    }

    [Fact]
    public async Task TheTrailIsNeverDeletedByHelm()
    {
        using var helm = await Helm.FindAsync();

        var rendered = await helm.RenderAsync("-f", Helm.FullValues, KnowsTrails);

        Assert.Equal("keep", (string?)rendered["Trail/everything"]["metadata"]!["annotations"]!["helm.sh/resource-policy"]);
    }

    [Fact]
    public async Task LargeNumbersStayWhole()
    {
        using var helm = await Helm.FindAsync();

        var trail = (await helm.RenderAsync("-f", Helm.FullValues, KnowsTrails))["Trail/everything"];

        Assert.Equal("1125899906842624", trail["spec"]!["spool"]!["maxBytes"]!.ToJsonString());
    }

    [Fact]
    public async Task ThePackageHoldsWhatTheFolderHolds()
    {
        using var helm = await Helm.FindAsync();
        using var folder = new Testing.TemporaryFolder();

        await helm.RunAsync("package", Repository.Chart, "--destination", folder.Path);
        var package = Assert.Single(Directory.GetFiles(folder.Path));

        Assert.Equal(
            await helm.TemplateAsync("--set=dashboard.enabled=true", "--set=prometheusRule.enabled=true"),
            await helm.RunAsync("template", Helm.Release, package, "--namespace", Helm.Namespace, "--set=dashboard.enabled=true",
                "--set=prometheusRule.enabled=true"));
    }

    static string GoldenFile(string name) => Repository.PathOf("tests", "Chart.Tests", "golden", name);
}

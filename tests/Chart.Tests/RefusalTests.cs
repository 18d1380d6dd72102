using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

[Requires(Requires.Helm)]
public sealed class RefusalTests
{
    [Theory]
    [InlineData("replica=3", "'replica'")]
    [InlineData("image.tags=1", "'tags'")]
    [InlineData("networkpolicy.enabled=false", "'networkpolicy'")]
    [InlineData("trail.cluster=c", "'cluster'")]
    [InlineData("trail.agents.image=x", "'agents'")]
    [InlineData("replicas=0", "/replicas")]
    [InlineData("replicas=two", "/replicas")]
    [InlineData("crds.keep=1", "/crds/keep")]
    [InlineData("image.pullPolicy=Sometimes", "/image/pullPolicy")]
    [InlineData("image.digest=sha256:1234", "/image/digest")]
    [InlineData("image.repository=Operator", "/image/repository")]
    [InlineData("operator.pollSeconds=0", "/operator/pollSeconds")]
    [InlineData("operator.pollSeconds=301", "/operator/pollSeconds")]
    [InlineData("operator.extraEnv[0].value=1", "name")]
    [InlineData("operator.extraEnv[0].name=POD_NAMESPACE", "/operator/extraEnv/0/name")]
    [InlineData("networkPolicy.agentPorts[0]=9808",
        "networkPolicy.agentPorts was removed, because the operator may reach its agents on every port: remove it")]
    [InlineData("networkPolicy.apiServerPorts[0]=70000", "/networkPolicy/apiServerPorts/0")]
    [InlineData("serviceMonitor.interval=soon", "/serviceMonitor/interval")]
    [InlineData("trail.name=Main", "/trail/name")]
    [InlineData("trail.sink.type=S3", "trail.clusterName is required")]
    public async Task AWrongValueIsRefusedAndNamed(string value, string named)
    {
        using var helm = await Helm.FindAsync();

        var result = await helm.TryAsync("template", Helm.Release, Repository.Chart, "--set", value);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOldClusterIsRefused()
    {
        using var helm = await Helm.FindAsync();

        var result = await helm.TryAsync("template", Helm.Release, Repository.Chart, "--kube-version=1.28.9");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(">=1.29", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AsADependencyItTakesGlobalValues()
    {
        using var helm = await Helm.FindAsync();

        await helm.TemplateAsync("--set=global.region=eu");
    }
}

using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

/// <summary>Agents mount a folder of their node, so the release's namespace must let privileged pods in.</summary>
[Requires(Requires.Helm, Requires.Cluster)]
[Collection(ClusterFixture.Collection)]
public sealed class NamespaceTests(ClusterFixture cluster)
{
    const string Label = "pod-security.kubernetes.io/enforce";

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("restricted")]
    [InlineData("baseline")]
    public async Task ANamespaceThatKeepsAgentsOutIsRefusedWithWhatToDo(string level)
    {
        var server = await cluster.StartedAsync();
        var @namespace = await server.CreateNamespaceAsync(Cancelled);
        await server.Admin.RunAsync(["label", "namespace", @namespace, $"{Label}={level}"], Cancelled);
        await using var chart = await InstalledChart.PrepareAsync(server, @namespace);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => chart.InstallAsync());

        var remedy = $"kubectl label --overwrite namespace {@namespace} {Label}=privileged";
        Assert.Contains(
            $"the namespace {@namespace} enforces the Pod Security level \"{level}\", and agents need \"privileged\", "
            + $"because they mount a directory of their node and read it as root. Run this first: {remedy}",
            refused.Message,
            StringComparison.Ordinal);
        await server.Admin.RunAsync(remedy.Split(' ')[1..], Cancelled);
        Assert.DoesNotContain("kubectl label", await chart.InstallAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUpgradeIsRefusedToo()
    {
        await using var chart = await InstalledChart.InstallAsync(await cluster.StartedAsync());
        await chart.Kubectl.RunAsync(["label", "namespace", chart.Namespace, $"{Label}=restricted"], Cancelled);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => chart.UpgradeAsync());

        Assert.Contains("enforces the Pod Security level \"restricted\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutTheLabelTheNotesSayIt()
    {
        await using var chart = await InstalledChart.InstallAsync(await cluster.StartedAsync());

        Assert.Contains(
            $"kubectl label --overwrite namespace {chart.Namespace} {Label}=privileged\n", chart.Notes, StringComparison.Ordinal);
    }
}

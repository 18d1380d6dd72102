using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Chart.Tests;

/// <summary>What a real server lets the operator's service account do.</summary>
[Requires(Requires.Helm, Requires.Cluster)]
[Collection(ClusterFixture.Collection)]
public sealed class RightsTests(ClusterFixture cluster)
{
    // kubectl auth can-i; {own} is the operator's namespace.
    const string Questions = """
        yes list trails.clustertrail.io
        yes watch trails.clustertrail.io
        yes patch trails.clustertrail.io/main
        yes patch trails.clustertrail.io --subresource=status
        yes update trails.clustertrail.io --subresource=finalizers
        no  create trails.clustertrail.io
        no  update trails.clustertrail.io
        no  delete trails.clustertrail.io
        yes watch trailselectors.clustertrail.io -A
        yes patch trailselectors.clustertrail.io --subresource=status -n kube-system
        no  patch trailselectors.clustertrail.io -n {own}
        no  create trailselectors.clustertrail.io -n {own}
        yes watch namespaces
        no  patch namespaces
        yes watch customresourcedefinitions.apiextensions.k8s.io
        no  patch customresourcedefinitions.apiextensions.k8s.io
        yes create daemonsets.apps -n {own}
        yes patch daemonsets.apps -n {own}
        yes delete daemonsets.apps -n {own}
        no  create daemonsets.apps -n kube-system
        no  list daemonsets.apps -A
        no  create deployments.apps -n {own}
        yes patch configmaps -n {own}
        no  get configmaps -n kube-system
        yes delete serviceaccounts -n {own}
        no  create serviceaccounts --subresource=token -n {own}
        yes patch networkpolicies.networking.k8s.io -n {own}
        yes delete podmonitors.monitoring.coreos.com -n {own}
        no  create prometheusrules.monitoring.coreos.com -n {own}
        yes get secrets -n {own}
        yes watch secrets -n {own}
        yes create secrets -n {own}
        no  create secrets -n kube-system
        no  patch secrets -n {own}
        no  update secrets -n {own}
        no  delete secrets -n {own}
        no  get secrets -n kube-system
        no  list secrets -A
        yes watch pods -n {own}
        no  delete pods -n {own}
        no  create pods -n {own}
        no  create pods --subresource=exec -n {own}
        no  get pods --subresource=proxy -n {own}
        no  get pods -A
        no  list pods -A
        no  watch pods -n kube-system
        no  list deployments.apps -n kube-system
        no  watch replicasets.apps -A
        no  list cronjobs.batch -A
        yes list persistentvolumeclaims -n {own}
        no  delete persistentvolumeclaims -n {own}
        yes create leases.coordination.k8s.io -n {own}
        yes update leases.coordination.k8s.io/clustertrail-operator -n {own}
        no  update leases.coordination.k8s.io/another -n {own}
        no  create leases.coordination.k8s.io -n kube-system
        yes create events.events.k8s.io -n {own}
        yes create events.events.k8s.io -n default
        no  create events.events.k8s.io -n kube-system
        yes list events.events.k8s.io -n {own}
        yes watch events.events.k8s.io -n {own}
        no  list events.events.k8s.io -n default
        no  list events.events.k8s.io -A
        yes get nodes
        yes list nodes
        yes watch nodes
        no  patch nodes
        no  get nodes --subresource=proxy
        no  create clusterrolebindings.rbac.authorization.k8s.io
        no  impersonate users
        """;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheOperatorMayDoWhatItNeedsAndNothingElse()
    {
        var server = await cluster.StartedAsync();
        // Of a kind that the server does not know, kubectl cannot tell the group.
        await Monitoring.InstallAsync(server.Admin, Cancelled);
        await using var chart = await InstalledChart.InstallAsync(server);
        var account = await server.AsServiceAccountAsync(chart.Namespace, "clustertrail-operator", Cancelled);
        var expected = Questions.Split('\n');

        var actual = new string[expected.Length];
        await Parallel.ForAsync(0, expected.Length, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled }, async (i, _) =>
            actual[i] = await AskAsync(account, expected[i][4..], chart.Namespace));

        Assert.Equal(expected, actual);
    }

    static async Task<string> AskAsync(KubectlUser account, string question, string own)
    {
        var result = await account.TryAsync(
            ["auth", "can-i", .. question.Replace("{own}", own, StringComparison.Ordinal).Split(' ')], Cancelled);
        // A no may go on with a reason.
        return result.Output.Split(' ')[0] switch
        {
            "yes" => $"yes {question}",
            "no" => $"no  {question}",
            _ => $"{question}: {result.Error}",
        };
    }
}

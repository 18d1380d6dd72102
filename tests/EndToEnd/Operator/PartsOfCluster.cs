using System.Diagnostics.Metrics;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Testing.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>A real API server as the parts of Kubernetes reach it: each by the user that it is there, as audit events show it.</summary>
sealed class PartsOfCluster : IDisposable
{
    readonly Meter meter = new("ClusterTrail.EndToEnd.Parts");
    readonly List<KubernetesCluster> clients = [];
    readonly TestCluster cluster;

    PartsOfCluster(TestCluster cluster) => this.cluster = cluster;

    /// <summary>Gives them the rights that they need, and some more.</summary>
    public static async Task<PartsOfCluster> OfAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        await cluster.Admin.ApplyAsync(
            """
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "testing:parts"},
             "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
            """,
            cancellationToken);
        await cluster.Admin.ApplyAsync(
            """
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "testing:parts"},
             "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "testing:parts"},
             "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "system:nodes"},
                          {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "system:kube-scheduler"},
                          {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "system:kube-controller-manager"}]}
            """,
            cancellationToken);
        return new(cluster);
    }

    public ICluster As(string manager)
    {
        var client = new KubernetesCluster(
            ClusterConnection.Find(UserOf(manager).Kubeconfig), new() { FieldManager = manager }, new(meter), TimeProvider.System,
            NullLogger<KubernetesCluster>.Instance);
        clients.Add(client);
        return client;
    }

    public void Dispose()
    {
        clients.ForEach(client => client.Dispose());
        meter.Dispose();
    }

    // All kubelets are one client here: nobody looks at which node's it is.
    KubectlUser UserOf(string manager) => manager switch
    {
        "kubelet" => cluster.Server!.AsUser("system:node:cp-1", "system:nodes"),
        "kubectl" => cluster.Admin,
        _ => cluster.Server!.AsUser($"system:{manager}"),
    };
}

using ClusterTrail.Testing;

namespace ClusterTrail.Testing.Cluster;

/// <summary>A Kubernetes cluster that a test may do anything with: our own API server, or one that somebody names.</summary>
public sealed class TestCluster : IServer
{
    readonly TemporaryFolder folder = new();

    TestCluster(ClusterServer? server, ServerLogs logs, KubectlUser kubectl) => (Server, Logs, Admin) = (server, logs, kubectl);

    /// <summary>Our own server, which can be frozen, killed and looked into; null for somebody else's cluster.</summary>
    public ClusterServer? Server { get; }

    public ServerLogs Logs { get; }

    /// <summary>kubectl as who may do anything.</summary>
    public KubectlUser Admin { get; }

    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    /// <exception cref="ServerFailedException">It does not start.</exception>
    public static async Task<TestCluster> StartOwnAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        var server = await ClusterServer.StartAsync(options, cancellationToken);
        return new(server, server.Logs, server.Admin);
    }

    /// <summary>Somebody else's cluster, with the kubectl of the PATH.</summary>
    public static TestCluster Other(string kubeconfig) =>
        File.Exists(kubeconfig)
            ? new(null, new("cluster"), new("kubectl", kubeconfig))
            : throw new FileNotFoundException($"The kubeconfig {kubeconfig} is not there.");

    /// <summary>A new namespace with a name of its own.</summary>
    public async Task<string> CreateNamespaceAsync(CancellationToken cancellationToken)
    {
        var name = $"test-{Guid.NewGuid():N}";
        await Admin.RunAsync(["create", "namespace", name], cancellationToken);
        return name;
    }

    /// <summary>kubectl as a service account, by a token that the cluster gives out for it.</summary>
    public async Task<KubectlUser> AsServiceAccountAsync(string @namespace, string name, CancellationToken cancellationToken)
    {
        var token = await Admin.RunAsync(["create", "token", name, "--namespace", @namespace], cancellationToken);
        var kubeconfig = folder.Join($"{Guid.NewGuid():N}.yaml");
        File.Copy(Admin.Kubeconfig, kubeconfig);
        var account = Admin.With(kubeconfig);
        await account.RunAsync(["config", "set-credentials", "service-account", $"--token={token}"], cancellationToken);
        await account.RunAsync(["config", "set-context", "--current", "--user=service-account"], cancellationToken);
        return account;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is null)
            Logs.Dispose();
        else
            await Server.DisposeAsync();
        folder.Dispose();
    }
}

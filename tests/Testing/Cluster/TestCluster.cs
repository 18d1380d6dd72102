namespace ClusterTrail.Testing.Cluster;

/// <summary>A Kubernetes cluster that a test may do anything with: our own API server, or another.</summary>
public sealed class TestCluster : IServer
{
    readonly TemporaryFolder folder = new();

    readonly IAsyncDisposable? owned;

    TestCluster(ClusterServer? server, ServerLogs logs, KubectlUser kubectl, IAsyncDisposable? endsWithIt = null) =>
        (Server, Logs, Admin, owned) = (server, logs, kubectl, endsWithIt);

    /// <summary>Our own server, which can be frozen, killed and looked into; null for another cluster.</summary>
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

    /// <summary>Another cluster, with the kubectl of the PATH.</summary>
    /// <param name="kubeconfig">Its current context may do anything there.</param>
    /// <param name="logs">Where its logs are; nowhere if it is somebody else's.</param>
    /// <param name="owned">What ends with it.</param>
    public static TestCluster Other(string kubeconfig, ServerLogs? logs = null, IAsyncDisposable? owned = null) =>
        File.Exists(kubeconfig)
            ? new(null, logs ?? new("cluster"), new("kubectl", kubeconfig), owned)
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
        if (owned is not null)
            await owned.DisposeAsync();
        if (Server is null)
            Logs.Dispose();
        else
            await Server.DisposeAsync();
        folder.Dispose();
    }
}

using System.Text;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using DotNet.Testcontainers.Containers;
using Testcontainers.K3s;

namespace ClusterTrail.Fixtures.K3s;

/// <summary>A k3s in a container: one real node, with a kubelet that runs pods, whose API server writes an audit log there.</summary>
public sealed class K3sCluster : IAsyncDisposable
{
    /// <summary>What <see cref="ClusterFixture.Choice"/> says to choose it.</summary>
    public const string Chosen = "k3s";

    const string Image = "rancher/k3s:v1.34.1-k3s1";
    const string Policy = "/etc/rancher/k3s/audit-policy.yaml";

    readonly K3sContainer container;
    readonly ServerLogs logs = new(Chosen);
    readonly TemporaryFolder folder = new();

    K3sCluster(K3sContainer k3s) => container = k3s;

    public static bool IsChosen => Environment.GetEnvironmentVariable(ClusterFixture.Choice) == Chosen;

    /// <exception cref="MissingPartException">There is no Docker.</exception>
    public static async Task<K3sCluster> StartAsync(DockerProgram docker, CancellationToken cancellationToken)
    {
        await docker.MustAnswerAsync(cancellationToken);
        var cluster = new K3sCluster(new K3sBuilder(Image)
            .WithResourceMapping(
                "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: Metadata}]}"u8.ToArray(), new FileInfo(Policy))
            .WithResourceMapping(Encoding.UTF8.GetBytes(Configuration), new FileInfo("/etc/rancher/k3s/config.yaml"))
            .Build());
        try
        {
            await cluster.container.StartAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            cluster.logs.Keep();
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The cluster as tests use any; it ends with it.</summary>
    public async Task<TestCluster> AsTestClusterAsync()
    {
        var kubeconfig = folder.Join("kubeconfig.yaml");
        await File.WriteAllTextAsync(kubeconfig, await container.GetKubeconfigAsync());
        return TestCluster.Other(kubeconfig, logs, this);
    }

    /// <summary>Gives the node images that no registry has.</summary>
    public async Task LoadImagesAsync(string archive, CancellationToken cancellationToken)
    {
        await container.CopyAsync(new FileInfo(archive), "/images/", ct: cancellationToken);
        await RunAsync(["ctr", "--namespace", "k8s.io", "images", "import", $"/images/{Path.GetFileName(archive)}"], cancellationToken);
    }

    /// <summary>Runs a program on the node; returns what it prints.</summary>
    public async Task<string> RunAsync(IList<string> command, CancellationToken cancellationToken)
    {
        var done = await container.ExecAsync(command, cancellationToken);
        return done.ExitCode == 0
            ? done.Stdout
            : throw new InvalidOperationException($"{string.Join(' ', command)} exited with {done.ExitCode}: {done.Stderr}");
    }

    public Task<byte[]> ReadFileAsync(string path, CancellationToken cancellationToken) => container.ReadFileAsync(path, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // It was never made if its image could not be had.
        if (container.State != TestcontainersStates.Undefined)
        {
            var (output, error) = await container.GetLogsAsync();
            await File.WriteAllTextAsync(logs.Join("k3s.log"), output + error);
        }
        await container.DisposeAsync();
        folder.Dispose();
    }

    // As `kubectl trail policy --for k3s` says it.
    static string Configuration => $"""
        kube-apiserver-arg:
        - audit-policy-file={Policy}
        - audit-log-path=/var/log/kubernetes/audit/audit.log
        """;
}

using System.Net.Http.Json;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Admission;

/// <summary>An agent that answers the admission reviews of API servers, and everything that it needs for that.</summary>
sealed class AskedAgent : IDisposable
{
    const string Token = "Jq2x8v0bE4tYw6sR1mC9uK3fZ7hN5pLd";
    const string Configurations = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";

    readonly AgentFolder folder = new();
    readonly CertificateAuthority authority = new();
    readonly int port = FreePort.Next();
    AgentProcess? process;

    public AskedAgent()
    {
        var (certificate, key) = authority.IssueToServer();
        File.WriteAllText(Path.Combine(folder.Root, "tls.key"), key);
        File.WriteAllText(Path.Combine(folder.Root, "tls.pem"), certificate);
        File.WriteAllText(Path.Combine(folder.Root, "token"), Token);
    }

    public string ArchivePath => folder.ArchivePath;

    public Task<Uri> Url => process!.Url;

    AgentConfiguration Configuration => folder.Configuration with
    {
        Sources =
        [
            new()
            {
                Name = "admission",
                Type = SourceType.Admission,
                Admission = new()
                {
                    Listen = $"127.0.0.1:{port}",
                    CertificatePath = Path.Combine(folder.Root, "tls.pem"),
                    PrivateKeyPath = Path.Combine(folder.Root, "tls.key"),
                    PathTokenPath = Path.Combine(folder.Root, "token"),
                },
            },
        ],
    };

    public async Task StartAsync()
    {
        process?.Dispose();
        process = AgentProcess.Start(folder.Root, Configuration);
        await process.Url;
    }

    /// <summary>Has the API server ask the agent about everything, as the operator does.</summary>
    public async Task RegisterAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        var configuration = new
        {
            apiVersion = "admissionregistration.k8s.io/v1",
            kind = "ValidatingWebhookConfiguration",
            metadata = new { name = "clustertrail-main" },
            webhooks = new[]
            {
                new
                {
                    name = "admission.clustertrail.io",
                    admissionReviewVersions = new[] { "v1" },
                    clientConfig = new
                    {
                        url = $"https://127.0.0.1:{port}/admission/{Token}",
                        caBundle = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(authority.Pem)),
                    },
                    rules = new[]
                    {
                        new
                        {
                            apiGroups = new[] { "*" }, apiVersions = new[] { "*" }, resources = new[] { "*/*" }, scope = "*",
                            operations = new[] { "CREATE", "UPDATE", "DELETE", "CONNECT" },
                        },
                    },
                    // The test's API server has no defaults.
                    namespaceSelector = new { },
                    objectSelector = new { },
                    failurePolicy = "Ignore",
                    matchPolicy = "Exact",
                    sideEffects = "None",
                    timeoutSeconds = 1,
                },
            },
        };
        using var answer = await server.Http.PostAsJsonAsync(Configurations, configuration, cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public static async Task UnregisterAsync(ClusterServer server, CancellationToken cancellationToken)
    {
        using var answer = await server.Http.DeleteAsync(new Uri($"{Configurations}/clustertrail-main", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => process!.Kill();

    /// <summary>SIGTERM.</summary>
    public Task<int> StopAsync() => process!.StopAsync();

    public void Dispose()
    {
        process?.Dispose();
        authority.Dispose();
        folder.Dispose();
    }
}

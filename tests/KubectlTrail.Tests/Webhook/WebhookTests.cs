using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Webhook;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Kubectl.Tests.Webhook;

public sealed class WebhookTests
{
    [Fact]
    public async Task ItPrintsTheKubeconfigOfTheApiServer()
    {
        var text = await WebhookCommand.KubeconfigAsync(Receiving(new() { Port = 9999 }), "clustertrail-system", Find);

        Assert.Contains("server: https://127.0.0.1:9999/audit", text, StringComparison.Ordinal);
        Assert.Contains($"certificate-authority-data: {Base64("authority")}", text, StringComparison.Ordinal);
        Assert.Contains($"client-certificate-data: {Base64("certificate")}", text, StringComparison.Ordinal);
        Assert.Contains($"client-key-data: {Base64("key")}", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Base64("secret"), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATrailThatReadsALogHasNone()
    {
        var log = new Trail
        {
            Metadata = new() { Name = "main" },
            Spec = new()
            {
                ClusterName = "prod",
                Sources = new() { ApiServer = new() { Type = ApiServerSourceType.LogFile } },
                Sink = new() { Type = Contract.SinkType.S3 },
            },
        };

        var refused = await Assert.ThrowsAsync<TrailException>(() => WebhookCommand.KubeconfigAsync(log, "clustertrail-system", Find));

        Assert.Equal("spec.sources.apiServer.type of Trail main is LogFile; it receives nothing", refused.Message);
        Assert.Equal(ExitCode.BadUsage, refused.ExitCode);
    }

    [Fact]
    public async Task WithoutItsSecretsItSaysWhoMakesThem()
    {
        var refused = await Assert.ThrowsAsync<TrailException>(
            () => WebhookCommand.KubeconfigAsync(Receiving(new()), "elsewhere", _ => Task.FromResult<V1Secret?>(null)));

        Assert.StartsWith("Secret elsewhere/clustertrail-main-receiver-ca does not exist", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificatesOfOthersAreTheirs()
    {
        var refused = await Assert.ThrowsAsync<TrailException>(
            () => WebhookCommand.KubeconfigAsync(Receiving(new() { CertificateSecretName = "from-cert-manager" }), "x", Find));

        Assert.Contains("from-cert-manager", refused.Message, StringComparison.Ordinal);
    }

    static Trail Receiving(ApiServerWebhook webhook) => new()
    {
        Metadata = new() { Name = "main" },
        Spec = new()
        {
            ClusterName = "prod",
            Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Webhook, Webhook = webhook } },
            Sink = new() { Type = Contract.SinkType.S3 },
        },
    };

    static Task<V1Secret?> Find(ObjectKey key) => Task.FromResult<V1Secret?>(new()
    {
        Metadata = new() { Name = key.Name },
        Data = key.Name == ReceiverSecrets.Authority("main")
            ? new Dictionary<string, byte[]> { ["ca.crt"] = Encoding.ASCII.GetBytes("authority"), ["ca.key"] = Encoding.ASCII.GetBytes("secret") }
            : new Dictionary<string, byte[]> { ["tls.crt"] = Encoding.ASCII.GetBytes("certificate"), ["tls.key"] = Encoding.ASCII.GetBytes("key") },
    });

    static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}

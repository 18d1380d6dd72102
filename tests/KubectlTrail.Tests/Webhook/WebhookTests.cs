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
        var text = await WebhookCommand.KubeconfigAsync(Receiving(new() { Port = 9999 }), "clustertrail-system", null, Find);

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

        var refused = await Assert.ThrowsAsync<TrailException>(() => WebhookCommand.KubeconfigAsync(log, "clustertrail-system", null, Find));

        Assert.Equal("spec.sources.apiServer.type of Trail main is LogFile; it receives nothing", refused.Message);
        Assert.Equal(ExitCode.BadUsage, refused.ExitCode);
    }

    [Fact]
    public async Task WithoutItsSecretsItSaysWhoMakesThem()
    {
        var refused = await Assert.ThrowsAsync<TrailException>(
            () => WebhookCommand.KubeconfigAsync(Receiving(new()), "elsewhere", null, _ => Task.FromResult<V1Secret?>(null)));

        Assert.StartsWith("Secret elsewhere/clustertrail-main-receiver-ca does not exist", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificatesOfOthersAreTheirs()
    {
        var refused = await Assert.ThrowsAsync<TrailException>(
            () => WebhookCommand.KubeconfigAsync(Receiving(new() { CertificateSecretName = "from-cert-manager" }), "x", null, Find));

        Assert.Contains("from-cert-manager", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BehindAServiceItIsItsAddressAndTheNameInTheCertificate()
    {
        var trail = Receiving(new() { Placement = WebhookPlacement.Service });
        var address = await WebhookCommand.AddressAsync(
            trail, key => Task.FromResult<V1Service?>(new() { Metadata = new() { Name = key.Name }, Spec = new() { ClusterIP = "fd00::7" } }), "audit");

        var text = await WebhookCommand.KubeconfigAsync(trail, "audit", address, Find);

        Assert.Contains(
            "    server: https://[fd00::7]:9443/audit\n    tls-server-name: clustertrail-main-receiver.audit.svc\n    certificate-authority-data:", text,
            StringComparison.Ordinal);
        Assert.Null(await WebhookCommand.AddressAsync(Receiving(new()), _ => Task.FromResult<V1Service?>(null), "audit"));
    }

    [Theory]
    [InlineData("audit.example.com:9443", null)]
    [InlineData("[fd00::7]:9443", null)]
    [InlineData("https://audit.example.com", "--server is \"https://audit.example.com\"; allowed: a host and a port, such as audit.example.com:9443")]
    [InlineData("a b", "--server is \"a b\"; allowed: a host and a port, such as audit.example.com:9443")]
    [InlineData("host:1/x", "--server is \"host:1/x\"; allowed: a host and a port, such as audit.example.com:9443")]
    public void AServerIsAHostAndAPort(string server, string? problem)
    {
        var trail = Receiving(new() { Placement = WebhookPlacement.Service });

        Assert.Equal(problem, problem is null ? Given(trail) : Assert.Throws<TrailException>(() => WebhookCommand.Given(server, trail)).Message);
        Assert.StartsWith("--server is for a Trail with", Assert.Throws<TrailException>(() => WebhookCommand.Given(server, Receiving(new()))).Message,
            StringComparison.Ordinal);

        string? Given(Trail of) => WebhookCommand.Given(server, of) == server ? null : "another";
    }

    [Fact]
    public async Task WithoutTheServiceItSaysWhoMakesIt()
    {
        var refused = await Assert.ThrowsAsync<TrailException>(() => WebhookCommand.AddressAsync(
            Receiving(new() { Placement = WebhookPlacement.Service }), _ => Task.FromResult<V1Service?>(null), "audit"));

        Assert.StartsWith("Service audit/clustertrail-main-receiver does not exist", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Unreadable, refused.ExitCode);
    }

    [Fact]
    public async Task OfAdmissionItIsTheWebhookThatAsks()
    {
        var trail = Receiving(new());
        trail = trail with { Spec = trail.Spec with { Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Admission, Admission = new() { Port = 9555 } } } } };

        var text = await AdmissionWebhook.ConfigurationAsync(trail, "audit", key => Task.FromResult<V1Secret?>(new()
        {
            Metadata = new() { Name = key.Name },
            Data = new Dictionary<string, byte[]> { ["ca.crt"] = "authority"u8.ToArray(), ["ca.key"] = "secret"u8.ToArray(), ["token"] = "t0ken\n"u8.ToArray() },
        }));

        Assert.Contains("service: {namespace: audit, name: clustertrail-main-receiver, port: 9555, path: /admission/t0ken}", text, StringComparison.Ordinal);
        Assert.Contains($"caBundle: {Base64("authority")}", text, StringComparison.Ordinal);
        Assert.Contains("operator: NotIn, values: [audit]}]", text, StringComparison.Ordinal);
        Assert.Contains("failurePolicy: Ignore", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Base64("secret"), text, StringComparison.Ordinal);
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

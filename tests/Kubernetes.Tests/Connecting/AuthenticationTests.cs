using System.Text;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Kubernetes.Tests.Client;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Connecting;

/// <summary>Connections as they are made, over TLS.</summary>
public sealed class AuthenticationTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACertificateIsShown(bool rsa)
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("{}"));
        var (certificate, key) = api.Authority.Issue("someone", rsa);

        using var client = api.Connect($"client-certificate-data: {Base64(certificate)}, client-key-data: {Base64(key)}")
            .CreateClient("test");
        await client.GetAsync("version", Cancel);

        Assert.Equal("CN=someone", Assert.Single(api.Requests).Certificate);
    }

    [Fact]
    public async Task ARefusedTokenIsReplacedOnce()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("{}"), ApiStub.Refuse(401, "Unauthorized"), ApiStub.Json("{}"));
        File.WriteAllText(folder.Join("token"), "old");
        using var client = api.Connect($"tokenFile: {folder.Join("token")}").CreateClient("test");
        await client.GetAsync("version", Cancel);

        File.WriteAllText(folder.Join("token"), "new");
        using var answer = await client.GetAsync("version", Cancel);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(["Bearer old", "Bearer old", "Bearer new"], api.Requests.Select(request => request.Authorization));
    }

    [Fact]
    public async Task ATokenThatStaysRefusedIsNotTriedForEver()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Refuse(401, "Unauthorized"));
        using var client = api.Connect().CreateClient("test");

        using var answer = await client.GetAsync("version", Cancel);

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task ANewCertificateMakesANewConnection()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("{}"), ApiStub.Refuse(401, "Unauthorized"), ApiStub.Json("{}"));
        foreach (var call in (int[])[1, 2])
        {
            var (certificate, key) = api.Authority.Issue($"call-{call}", rsa: false);
            File.WriteAllText(folder.Join($"{call}"), System.Text.Json.JsonSerializer.Serialize(new
            {
                apiVersion = "client.authentication.k8s.io/v1beta1",
                kind = "ExecCredential",
                status = new { clientCertificateData = certificate, clientKeyData = key },
            }));
        }

        var script = $"echo >> {folder.Path}/calls; cat {folder.Path}/$(wc -l < {folder.Path}/calls)";
        using var client = api.Connect(
            $"exec: {{apiVersion: client.authentication.k8s.io/v1beta1, command: bash, args: [-c, '{script}'] }}")
            .CreateClient("test");
        await client.GetAsync("version", Cancel);
        await client.GetAsync("version", Cancel);

        Assert.Equal(["CN=call-1", "CN=call-1", "CN=call-2"], api.Requests.Select(request => request.Certificate));
    }

    [Fact]
    public async Task AServerOfAnotherAuthorityIsNotTrusted()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("{}"));
        using var other = new TestAuthority("127.0.0.1", "api.example");
        File.WriteAllText(
            folder.Join("config"), Config(api.Address, $"certificate-authority-data: {Convert.ToBase64String(other.RootPem)}"));
        using var client = Kubeconfig.Load([folder.Join("config")]).Connect("x", TimeProvider.System).CreateClient("test");

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("version", Cancel));

        Assert.Equal(HttpRequestError.SecureConnectionError, failed.HttpRequestError);
        Assert.Empty(api.Requests);
    }

    [Fact]
    public async Task VerificationCanBeSkipped()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("{}"));
        File.WriteAllText(folder.Join("config"), Config(api.Address, "insecure-skip-tls-verify: true"));
        using var client = Kubeconfig.Load([folder.Join("config")]).Connect("x", TimeProvider.System).CreateClient("test");

        using var answer = await client.GetAsync("version", Cancel);

        Assert.True(answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("api.example", true)]
    [InlineData("other.example", false)]
    public async Task TheNameOfTheCertificateCanBeSaid(string name, bool isTrusted)
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("{}"));
        using var client = api.Connect(cluster: $"tls-server-name: {name}").CreateClient("test");

        var failed = await Record.ExceptionAsync(() => client.GetAsync("version", Cancel));

        Assert.Equal(isTrusted, failed is null);
    }

    public void Dispose() => folder.Dispose();

    static string Base64(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));

    static string Config(Uri server, string cluster) =>
        $$"""
        clusters: [{name: c, cluster: {server: "{{server}}", {{cluster}} } }]
        contexts: [{name: x, context: {cluster: c} }]
        """;
}

using ClusterTrail.Kubernetes.Tests.Client;
using ClusterTrail.Testing;
using k8s;
using k8s.Autorest;

namespace ClusterTrail.Kubernetes.Tests.Library;

/// <summary>How KubernetesClient connects and authenticates, and why <see cref="Connecting"/> does. See <see
/// cref="KubeconfigFactsTests"/>.</summary>
public sealed class ConnectionFactsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WithAPrivateAuthorityEveryNameIsTrusted()
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Json("{}"));
        using var client = new k8s.Kubernetes(new KubernetesClientConfiguration
        {
            // The certificate is that of 127.0.0.1 and api.example.
            Host = $"https://localhost:{api.Address.Port}",
            SslCaCerts = [api.Authority.Root],
        });

        await client.CustomObjects.GetClusterCustomObjectAsync("", "v1", "nodes", "a", Cancel);

        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task APluginGetsItsArgumentsInPieces()
    {
        var read = Build(args: "[token, \"--role=Auditors of Prod\"]");

        Assert.Equal("token|--role=Auditors|of|Prod|", await File.ReadAllTextAsync(folder.Join("arguments"), Cancel));
        Assert.Equal("t1", read.AccessToken);
    }

    [Fact]
    public async Task APluginIsRunTwiceForOneToken()
    {
        var read = Build(args: "[]");

        await read.TokenProvider.GetAuthenticationHeaderAsync(Cancel);

        Assert.Equal("\n\n", await File.ReadAllTextAsync(folder.Join("calls"), Cancel));
    }

    [Fact]
    public async Task APluginIsNotToldOfTheClusterAndNotThatNobodyIsThere()
    {
        Build(args: "[], provideClusterInfo: true, interactiveMode: Never");

        var info = await File.ReadAllTextAsync(folder.Join("info"), Cancel);
        Assert.DoesNotContain("https://a.example", info, StringComparison.Ordinal);
        Assert.Contains("\"interactive\":true", info, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task NothingIsTriedAgain(int code)
    {
        await using var api = await ApiStub.StartAsync(ApiStub.Refuse(code, "Busy", retryAfter: 1), ApiStub.Json("{}"));
        using var client = new k8s.Kubernetes(
            new KubernetesClientConfiguration { Host = $"{api.Address}", SslCaCerts = [api.Authority.Root], AccessToken = "t" });

        await Assert.ThrowsAsync<HttpOperationException>(() =>
            client.CustomObjects.GetClusterCustomObjectAsync("", "v1", "nodes", "a", Cancel));

        Assert.Single(api.Requests);
    }

    public void Dispose() => folder.Dispose();

    KubernetesClientConfiguration Build(string args)
    {
        File.WriteAllText(folder.Join("plugin"),
            """
            #!/usr/bin/env bash
            folder=$(dirname "$0")
            echo >> "$folder/calls"
            printf '%s|' "$@" > "$folder/arguments"
            printf %s "$KUBERNETES_EXEC_INFO" > "$folder/info"
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t'$(wc -l < "$folder/calls")'"}}'
            """);
        File.SetUnixFileMode(folder.Join("plugin"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(folder.Join("config"),
            $$"""
            current-context: x
            clusters: [{name: c, cluster: {server: "https://a.example"} }]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: {{folder.Join("plugin")}}, args: {{args}} } } }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            """);
        return KubernetesClientConfiguration.BuildConfigFromConfigFile(folder.Join("config"));
    }
}

using ClusterTrail.Testing;
using k8s;
using k8s.Exceptions;

namespace ClusterTrail.Kubernetes.Tests.Library;

/// <summary>
/// What KubernetesClient does with kubeconfig files, and why ours are read by <see cref="Connecting"/>. A test that fails after an update
/// says that the library has learned it: then our piece can go (docs/decisions/0013-the-kubernetes-library.md).
/// </summary>
public sealed class KubeconfigFactsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public void ANameIsFoundWhateverItsCase()
    {
        var read = Build(
            "clusters: [{name: c, cluster: {server: 'http://other'}}, {name: C, cluster: {server: 'http://meant'}}]\ncontexts: [{name: x, "
                + "context: {cluster: C}}]");

        Assert.Equal("http://other", read.Host);
    }

    [Fact]
    public void ImpersonationIsIgnored()
    {
        var read = Build(Config("token: t, as: somebody-with-fewer-rights"));

        using var client = new k8s.Kubernetes(read);
        Assert.Equal("t", read.AccessToken);
        Assert.DoesNotContain(client.HttpClient.DefaultRequestHeaders, header =>
            header.Key.StartsWith("Impersonate", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void ATokenFileIsNotKnown()
    {
        var refused = Assert.Throws<KubeConfigException>(() => Build(Config("tokenFile: /run/token")));

        Assert.Contains("does not have appropriate auth credentials", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AProxyIsIgnored()
    {
        var read = Build(Config("token: t", "proxy-url: 'http://proxy.example:3128'"));
        SocketsHttpHandler? connections = null;
        read.FirstMessageHandlerSetup = handler => connections = handler;

        using var client = new k8s.Kubernetes(read);

        Assert.Null(connections!.Proxy);
    }

    [Fact]
    public void ARelativePathIsThatOfTheFirstFile()
    {
        Directory.CreateDirectory(folder.Join("team"));
        File.WriteAllText(folder.Join("config"), "kind: Config\ncurrent-context: x\ncontexts: []\nclusters: []\nusers: []\n");
        File.WriteAllText(folder.Join("team/config"), $"kind: Config\n{Config("client-certificate: a.pem, client-key: a.key")}");

        var before = Environment.GetEnvironmentVariable("KUBECONFIG");
        Environment.SetEnvironmentVariable("KUBECONFIG", $"{folder.Join("config")}:{folder.Join("team/config")}");
        try
        {
            Assert.Equal(folder.Join("a.pem"), KubernetesClientConfiguration.BuildDefaultConfig().ClientCertificateFilePath);
        }
        finally
        {
            Environment.SetEnvironmentVariable("KUBECONFIG", before);
        }
    }

    [Fact]
    public void WhatIsWrongIsSaidWithoutFileAndField()
    {
        var wrong = Assert.ThrowsAny<Exception>(() => Build(Config("token: t", "certificate-authority-data: '%'")));

        Assert.DoesNotContain("certificate-authority-data", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    static string Config(string user, string cluster = "") =>
        $$"""
        current-context: x
        clusters: [{name: c, cluster: {server: "https://a", {{cluster}} } }]
        users: [{name: u, user: { {{user}} } }]
        contexts: [{name: x, context: {cluster: c, user: u} }]
        """;

    KubernetesClientConfiguration Build(string yaml)
    {
        File.WriteAllText(folder.Join("config"), yaml);
        return KubernetesClientConfiguration.BuildConfigFromConfigFile(folder.Join("config"), "x");
    }
}

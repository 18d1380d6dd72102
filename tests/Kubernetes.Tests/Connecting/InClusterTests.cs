using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Kubernetes.Tests.Client;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Connecting;

public sealed class InClusterTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("10.0.0.1", "https://10.0.0.1:6443/")]
    [InlineData("fd00::1", "https://[fd00::1]:6443/")]
    [InlineData("api.example", "https://api.example:6443/")]
    public async Task APodFindsItsCluster(string host, string server)
    {
        using var authority = new TestAuthority("127.0.0.1", "api.example");
        File.WriteAllBytes(folder.Join("ca.crt"), authority.RootPem);
        File.WriteAllText(folder.Join("token"), "t0ken");
        File.WriteAllText(folder.Join("namespace"), "clustertrail-system");

        var connection = Connect(host, "6443");

        Assert.Equal(server, connection.Server.AbsoluteUri);
        Assert.Equal("clustertrail-system", connection.Namespace);
        Assert.Equal("CN=root", Assert.Single(connection.Authorities!).Subject);
        Assert.Equal(
            "Bearer t0ken", (await connection.Credentials.GetAsync(refused: null, CancellationToken.None)).Authorization!.ToString());
    }

    [Theory]
    [InlineData(null, "443", "this is not a pod")]
    [InlineData("10.0.0.1", null, "this is not a pod")]
    [InlineData("10.0.0.1", "many", "this is not a pod")]
    [InlineData("10.0.0.1", "443", "ca.crt")]
    public void WithoutAClusterItSaysSo(string? host, string? port, string expected)
    {
        var wrong = Assert.Throws<ConnectionException>(() => Connect(host, port));

        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    ClusterConnection Connect(string? host, string? port) =>
        InCluster.Connect(
            name => name == "KUBERNETES_SERVICE_HOST" ? host : name == "KUBERNETES_SERVICE_PORT" ? port : null, TimeProvider.System,
            folder.Path);
}

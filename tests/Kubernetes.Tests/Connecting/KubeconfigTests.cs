using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Kubernetes.Tests.Client;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Connecting;

public sealed class KubeconfigTests : IDisposable
{
    const string Whole =
        """
        apiVersion: v1
        kind: Config
        preferences: {}
        current-context: dev
        clusters:
        - name: dev
          cluster:
            server: https://dev.example:6443
            tls-server-name: api.example
            proxy-url: socks5://proxy.example:1080
            insecure-skip-tls-verify: true
        - name: prod
          cluster: {server: "https://[::1]:6443/k8s/clusters/c1", certificate-authority-data: ""}
        users:
        - name: admin
          user: {token: t0ken}
        - name: nobody
          user: {}
        contexts:
        - name: dev
          context: {cluster: dev, user: admin, namespace: audit}
        - name: prod
          context: {cluster: prod, user: nobody}
        """;

    readonly TemporaryFolder folder = new();

    [Fact]
    public async Task TheCurrentContextIsTaken()
    {
        var connection = Load(Whole).Connect(name: null, TimeProvider.System);

        Assert.Equal(new("https://dev.example:6443"), connection.Server);
        Assert.Equal(("audit", "api.example", true), (connection.Namespace, connection.TlsServerName, connection.SkipTlsVerification));
        Assert.Equal(new("socks5://proxy.example:1080"), connection.Proxy);
        Assert.Equal("Bearer t0ken", await AuthorizationAsync(connection));
    }

    [Fact]
    public async Task AnotherContextCanBeNamed()
    {
        var connection = Load(Whole).Connect("prod", TimeProvider.System);

        Assert.Equal(new("https://[::1]:6443/k8s/clusters/c1"), connection.Server);
        Assert.Equal((null, false, null), (connection.Namespace, connection.SkipTlsVerification, connection.Authorities));
        Assert.Null(await AuthorizationAsync(connection));
        using var client = connection.CreateClient("test");
        Assert.Equal("https://[::1]:6443/k8s/clusters/c1/api/v1/pods", new Uri(client.BaseUri, "api/v1/pods").AbsoluteUri);
    }

    [Fact]
    public void OfSeveralFilesTheFirstCounts()
    {
        var first = Write("first", "current-context: prod\nclusters: [{name: dev, cluster: {server: 'https://first.example'}}]");
        var empty = Write("empty", "");
        var second = Write("second", Whole);
        var config = Kubeconfig.Load(
            Kubeconfig.FindFiles(given: null, name => name == "KUBECONFIG" ? $"{first}:{folder.Join("missing")}:{empty}:{second}" : null));

        Assert.Equal("::1", config.Connect(name: null, TimeProvider.System).Server.DnsSafeHost);
        Assert.Equal("first.example", config.Connect("dev", TimeProvider.System).Server.Host);
    }

    [Fact]
    public async Task PathsAreRelativeToTheirFile()
    {
        using var authority = new TestAuthority("127.0.0.1", "api.example");
        var (certificate, key) = authority.Issue("someone", rsa: true);
        await File.WriteAllBytesAsync(folder.Join("ca.pem"), authority.RootPem, TestContext.Current.CancellationToken);
        Write("client.pem", certificate);
        Write("client.key", key);
        Write("token", "from-file\n");

        var connection = Load(
            Minimal(cluster: "certificate-authority: ca.pem",
                user: "client-certificate: client.pem, client-key: client.key, token: unused, tokenFile: token")).Connect("x",
            TimeProvider.System);

        Assert.Equal("CN=root", Assert.Single(connection.Authorities!).Subject);
        var credential = await connection.Credentials.GetAsync(refused: null, CancellationToken.None);
        Assert.Equal(("CN=someone", "from-file"), (Assert.Single(credential.Certificate!).Subject, credential.Authorization!.Parameter));
        Assert.DoesNotContain("from-file", credential.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameAndAPasswordAreBasic()
    {
        var connection = Load(Minimal(user: "username: me, password: 'open sesame'")).Connect("x", TimeProvider.System);

        Assert.Equal("Basic bWU6b3BlbiBzZXNhbWU=", await AuthorizationAsync(connection));
    }

    [Theory]
    [InlineData("a: b: c", "line 1")]
    [InlineData("- a", "not a mapping")]
    [InlineData("clusters: {}", "clusters must be a list")]
    [InlineData("clusters: [a]", "clusters[0] must be a mapping")]
    [InlineData("clusters: [{cluster: {}}]", "clusters[0].name is missing")]
    [InlineData("clusters: []", "current-context is not set")]
    [InlineData("current-context: x", "there is no context 'x'. It has: none")]
    [InlineData("current-context: x\ncontexts: [{name: y, context: {}}]", "there is no context 'x'. It has: y")]
    [InlineData("current-context: x\ncontexts: [{name: x}]", "contexts[x].context is missing")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {}}]", "contexts[x].context.cluster is missing")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]", "the context 'x' names a cluster that does not exist")]
    [InlineData(
        "current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://a'}}]",
        "the context 'x' names a user that does not exist")]
    public void WhatIsWrongIsSaidWithItsPlace(string yaml, string expected) => AssertWrong(yaml, expected);

    [Theory]
    [InlineData("server: ''", "", "clusters[c].cluster.server is missing")]
    [InlineData("server: 'ftp://a'", "", "clusters[c].cluster.server must be an address that begins with http:// or https://")]
    [InlineData("server: 'https://a', proxy-url: nowhere", "", "clusters[c].cluster.proxy-url must be an address")]
    [InlineData(
        "server: 'https://a', insecure-skip-tls-verify: perhaps", "", "clusters[c].cluster.insecure-skip-tls-verify must be true or false")]
    [InlineData("server: 'https://a', certificate-authority-data: '%'", "", "clusters[c].cluster.certificate-authority-data is not base64")]
    [InlineData(
        "server: 'https://a', certificate-authority-data: c2VjcmV0", "", "clusters[c].cluster.certificate-authority holds no certificate")]
    [InlineData("server: 'https://a', certificate-authority: gone.pem", "", "clusters[c].cluster.certificate-authority names")]
    [InlineData("server: 'https://a', certificate-authority-data: c2VjcmV0, insecure-skip-tls-verify: true", "",
        "cannot be true together with a certificate authority")]
    [InlineData(
        "server: 'https://a'", "client-certificate-data: c2VjcmV0", "users[u].user.client-key is missing, but its other half is given")]
    [InlineData(
        "server: 'https://a'", "client-key-data: c2VjcmV0", "users[u].user.client-certificate is missing, but its other half is given")]
    [InlineData("server: 'https://a'", "client-certificate-data: c2VjcmV0, client-key-data: c2VjcmV0",
        "users[u].user.client-certificate and client-key must be a certificate")]
    [InlineData("server: 'https://a'", "as: someone, token: secret", "users[u].user.as is not supported")]
    [InlineData("server: 'https://a'", "auth-provider: {name: gcp}, token: secret", "users[u].user.auth-provider is not supported")]
    [InlineData("server: 'https://a'", "token: [secret]", "users[u].user.token must be a text")]
    [InlineData("server: 'https://a'", "exec: {command: a}", "users[u].user.exec.apiVersion is missing")]
    [InlineData("server: 'https://a'", "exec: {command: a, apiVersion: v1}",
        "users[u].user.exec.apiVersion must be client.authentication.k8s.io/v1")]
    [InlineData("server: 'https://a'", "exec: {apiVersion: client.authentication.k8s.io/v1}", "users[u].user.exec.command is missing")]
    [InlineData("server: 'https://a'", "exec: {command: a, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}",
        "users[u].user.exec.interactiveMode is Always")]
    [InlineData("server: 'https://a'", "exec: {command: a, apiVersion: client.authentication.k8s.io/v1, args: secret}",
        "users[u].user.exec.args must be a list of texts")]
    public void AWrongFieldIsNamed(string cluster, string user, string expected) => AssertWrong(
        $$"""
        current-context: x
        clusters: [{name: c, cluster: { {{cluster}} } }]
        users: [{name: u, user: { {{user}} } }]
        contexts: [{name: x, context: {cluster: c, user: u} }]
        """, expected);

    [Fact]
    public void AFileThatIsNotThereIsSaid()
    {
        var wrong = Assert.Throws<ConnectionException>(() => Kubeconfig.Load([folder.Join("gone")]));

        Assert.Contains(folder.Join("gone"), wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheUsualFileIsTakenIfItIsThere()
    {
        string? Home(string name) => name == "HOME" ? folder.Path : null;
        Assert.Empty(Kubeconfig.FindFiles(given: null, Home));

        Directory.CreateDirectory(folder.Join(".kube"));
        Write(".kube/config", Whole);

        Assert.Equal([folder.Join(".kube/config")], Kubeconfig.FindFiles(given: null, Home));
        Assert.Equal(["given"], Kubeconfig.FindFiles("given", Home));
    }

    public void Dispose() => folder.Dispose();

    static string Minimal(string cluster = "", string user = "") =>
        $$"""
        clusters: [{name: c, cluster: {server: "https://a", {{cluster}} } }]
        users: [{name: u, user: { {{user}} } }]
        contexts: [{name: x, context: {cluster: c, user: u} }]
        """;

    static async Task<string?> AuthorizationAsync(ClusterConnection connection) =>
        (await connection.Credentials.GetAsync(refused: null, CancellationToken.None)).Authorization?.ToString();

    void AssertWrong(string yaml, string expected)
    {
        var path = Write("config", yaml);

        var wrong = Assert.Throws<ConnectionException>(() => Kubeconfig.Load([path]).Connect(name: null, TimeProvider.System));

        Assert.StartsWith(path, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    Kubeconfig Load(string yaml) => Kubeconfig.Load([Write("config", yaml)]);

    string Write(string name, string content)
    {
        File.WriteAllText(folder.Join(name), content);
        return folder.Join(name);
    }
}

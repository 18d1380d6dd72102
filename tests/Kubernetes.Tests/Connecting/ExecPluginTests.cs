using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Kubernetes.Tests.Client;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Connecting;

public sealed class ExecPluginTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly SteppedTime time = new();

    [Fact]
    public async Task ATokenIsKeptUntilItExpires()
    {
        var plugin = Connect(
            """echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$1-$GREETING-$calls"'","expirationTimestamp":"2026-11-22T05:46:00Z"}}'""");

        Assert.Equal("arg-hello-1", await TokenAsync(plugin));
        time.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Equal("arg-hello-1", await TokenAsync(plugin));
        time.Advance(TimeSpan.FromMinutes(0.1));

        Assert.Equal("arg-hello-2", await TokenAsync(plugin));
    }

    [Fact]
    public async Task ManyThatWereRefusedTogetherCallItOnce()
    {
        var plugin = Connect(
            """echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'"$calls"'"}}'""");
        var refused = await plugin.Credentials.GetAsync(refused: null, CancellationToken.None);

        var others = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => plugin.Credentials.GetAsync(refused, CancellationToken.None).AsTask()));

        Assert.All(others, other => Assert.Equal("2", other.Authorization!.Parameter));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ItIsToldOfTheClusterIfItWantsToKnow(bool wants)
    {
        var plugin = Connect(
            """printf %s "$KUBERNETES_EXEC_INFO" > "$folder/info"; echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'""",
            $"provideClusterInfo: {(wants ? "true" : "false")}",
            "extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: \"1\", port: 2, on: true, names: [a]} }]");
        await TokenAsync(plugin);

        var info = JsonNode.Parse(File.ReadAllText(folder.Join("info")))!;

        var expected = wants
            ? """{"interactive":false,"cluster":{"server":"https://a","config":{"audience":"1","port":2,"on":true,"names":["a"]}}}"""
            : """{"interactive":false}""";
        Assert.Equal(expected, info["spec"]!.ToJsonString());
        Assert.Equal(("client.authentication.k8s.io/v1", "ExecCredential"),
            (info["apiVersion"]!.GetValue<string>(), info["kind"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ItMayGiveACertificate(bool rsa)
    {
        using var authority = new TestAuthority("127.0.0.1", "api.example");
        var (certificate, key) = authority.Issue("plugin", rsa);
        File.WriteAllText(folder.Join("credential"), JsonSerializer.Serialize(new
        {
            apiVersion = "client.authentication.k8s.io/v1",
            kind = "ExecCredential",
            status = new { clientCertificateData = certificate, clientKeyData = key },
        }));
        var plugin = Connect("""cat "$folder/credential" """);

        var credential = await plugin.Credentials.GetAsync(refused: null, CancellationToken.None);

        Assert.Null(credential.Authorization);
        Assert.True(Assert.Single(credential.Certificate!).HasPrivateKey);
    }

    [Theory]
    [InlineData("echo Log in first. >&2; echo secret; exit 3", "exited with 3: Log in first.")]
    [InlineData("echo secret", "did not print an ExecCredential that can be read.")]
    [InlineData("echo '{}'", "printed an ExecCredential without a status.")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"secret"}}'""",
        "of another apiVersion than client.authentication.k8s.io/v1.")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""",
        "printed neither a token nor a certificate.")]
    [InlineData(
        """echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"secret"}}'""",
        "did not print an ExecCredential that can be read.")]
    public async Task WhatGoesWrongIsSaidWithoutWhatIsSecret(string script, string expected)
    {
        var plugin = Connect(script);

        var wrong = await Assert.ThrowsAsync<ConnectionException>(() => TokenAsync(plugin));

        Assert.StartsWith($"The credential plugin {folder.Join("plugin")} ", wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith(expected, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFailureIsNotKept()
    {
        var plugin = Connect(
            """[ "$calls" -gt 1 ] || exit 1; echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'""");

        await Assert.ThrowsAsync<ConnectionException>(() => TokenAsync(plugin));

        Assert.Equal("t", await TokenAsync(plugin));
    }

    [Fact]
    public async Task WhatIsNotInstalledIsSaidWithTheHint()
    {
        var plugin = Connect("exit 0", "installHint: Install it from example.org.");
        File.Delete(folder.Join("plugin"));

        var wrong = await Assert.ThrowsAsync<ConnectionException>(() => TokenAsync(plugin));

        Assert.Contains("cannot be started", wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith("Install it from example.org.", wrong.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    static async Task<string?> TokenAsync(ClusterConnection connection) =>
        (await connection.Credentials.GetAsync(refused: null, CancellationToken.None)).Authorization?.Parameter;

    ClusterConnection Connect(string script, string exec = "provideClusterInfo: false", string cluster = "")
    {
        File.WriteAllText(folder.Join("plugin"),
            $"""
            #!/usr/bin/env bash
            set -euo pipefail
            folder=$(dirname "$0")
            echo >> "$folder/calls"
            calls=$(wc -l < "$folder/calls")
            {script}
            """);
        File.SetUnixFileMode(folder.Join("plugin"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(folder.Join("config"),
            $$"""
            current-context: x
            clusters: [{name: c, cluster: {server: "https://a", {{cluster}} } }]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, args: [arg], env: [{name: GREETING, value: hello}], {{exec}} } } }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            """);
        return Kubeconfig.Load([folder.Join("config")]).Connect(name: null, time);
    }
}

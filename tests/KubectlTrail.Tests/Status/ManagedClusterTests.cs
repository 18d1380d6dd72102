using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Status;

/// <summary><c>kubectl trail status</c> with the kubeconfigs of managed clusters: who logs in is a plugin, here a script in its
/// place.</summary>
public sealed class ManagedClusterTests : IAsyncLifetime
{
    const string Audience = "6dae42f8-4368-4678-94ff-3960e28e3630";

    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll");

    readonly TemporaryFolder folder = new();
    readonly HttpListener server = new();
    readonly ConcurrentQueue<string?> shown = new();
    readonly string address = $"http://127.0.0.1:{FreePort.Next()}/";
    string? refusedToken;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        server.Prefixes.Add(address);
        server.Start();
        _ = AnswerAsync();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        server.Close();
        folder.Dispose();
        return default;
    }

    [Fact]
    public async Task Eks()
    {
        Install("aws");

        var status = await StatusAsync(
            """
            apiVersion: client.authentication.k8s.io/v1beta1
            command: aws
            args: [--region, eu-central-1, eks, get-token, --cluster-name, prod, --role-arn, "arn:aws:iam::1:role/Auditors of Prod", --output, json]
            env:
            - name: AWS_PROFILE
              value: audit
            """);

        Assert.Equal((0, ""), (status.Code, status.Error));
        Assert.StartsWith("Trail main: Ready\n", status.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["--region", "eu-central-1", "eks", "get-token", "--cluster-name", "prod", "--role-arn", "arn:aws:iam::1:role/Auditors of Prod", "--output", "json"],
            Lines("arguments"));
        Assert.Contains("AWS_PROFILE=audit", Lines("environment"));
        Assert.Equal(["interactive"], Info().Select(field => field.Key));
    }

    [Fact]
    public async Task Gke()
    {
        Install("gke-gcloud-auth-plugin");

        var status = await StatusAsync(
            """
            apiVersion: client.authentication.k8s.io/v1beta1
            command: gke-gcloud-auth-plugin
            installHint: Install gke-gcloud-auth-plugin for use with kubectl.
            provideClusterInfo: true
            """);

        Assert.Equal((0, ""), (status.Code, status.Error));
        Assert.Empty(Lines("arguments"));
        Assert.Equal(address, (string?)Info()["cluster"]!["server"]);
    }

    [Fact]
    public async Task Aks()
    {
        Install("kubelogin");

        var status = await StatusAsync(
            $"""
            apiVersion: client.authentication.k8s.io/v1beta1
            command: kubelogin
            args: [get-token, --environment, AzurePublicCloud, --server-id, {Audience}, --login, azurecli]
            env: null
            interactiveMode: IfAvailable
            provideClusterInfo: false
            """);

        Assert.Equal((0, ""), (status.Code, status.Error));
        Assert.Equal(
            ["get-token", "--environment", "AzurePublicCloud", "--server-id", Audience, "--login", "azurecli"], Lines("arguments"));
        Assert.False((bool)Info()["interactive"]!);
    }

    [Fact]
    public async Task ATokenThatIsNoLongerTakenIsAskedForOnceMore()
    {
        Install("aws");

        var status = await StatusAsync(
            "{apiVersion: client.authentication.k8s.io/v1beta1, command: aws, args: [eks, get-token]}", refused: "Bearer t1");

        Assert.Equal((0, ""), (status.Code, status.Error));
        Assert.Equal(["Bearer t1", "Bearer t2"], shown);
        Assert.Equal(2, Lines("calls").Length);
    }

    [Fact]
    public async Task APluginThatIsNotInstalledIsSaidWithItsHint()
    {
        var status = await StatusAsync(
            "{apiVersion: client.authentication.k8s.io/v1beta1, command: gke-gcloud-auth-plugin-of-nobody, installHint: "
                + "Install it from example.org.}");

        Assert.Equal((2, ""), (status.Code, status.Output));
        Assert.Matches(
            "^kubectl trail: The credential plugin gke-gcloud-auth-plugin-of-nobody cannot be started: "
                + ".+ Install it from example.org[.]\n$",
            status.Error);
    }

    void Install(string command)
    {
        File.WriteAllText(folder.Join(command),
            """
            #!/usr/bin/env bash
            set -euo pipefail
            folder=$(dirname "$0")
            echo call >> "$folder/calls"
            (($# == 0)) && : > "$folder/arguments" || printf '%s\n' "$@" > "$folder/arguments"
            env > "$folder/environment"
            printf %s "$KUBERNETES_EXEC_INFO" > "$folder/info"
            echo "What a plugin says to people." >&2
            until=$(date --utc --date '+15 minutes' +%Y-%m-%dT%H:%M:%SZ)
            echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","spec":{},"status":{"expirationTimestamp":"'$until'","token":"t'$(wc -l < "$folder/calls")'"}}'
            """);
        File.SetUnixFileMode(folder.Join(command), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    string[] Lines(string file) => File.ReadAllLines(folder.Join(file));

    JsonObject Info() => JsonNode.Parse(File.ReadAllText(folder.Join("info")))!["spec"]!.AsObject();

    async Task<(int Code, string Output, string Error)> StatusAsync(string exec, string? refused = null)
    {
        refusedToken = refused;
        File.WriteAllText(folder.Join("config"),
            $$"""
            apiVersion: v1
            kind: Config
            current-context: managed
            contexts: [{name: managed, context: {cluster: managed, user: managed} }]
            clusters: [{name: managed, cluster: {server: "{{address}}"} }]
            users:
            - name: managed
              user:
                exec:
                  {{exec.ReplaceLineEndings("\n      ")}}
            """);
        var start = new ProcessStartInfo("dotnet", ["exec", Program, "status", "main", "--kubeconfig", folder.Join("config")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{folder.Path}:{start.Environment["PATH"]}";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Cancellation), process.StandardError.ReadToEndAsync(Cancellation));
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await error);
    }

    async Task AnswerAsync()
    {
        while (server.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await server.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var token = context.Request.Headers["Authorization"];
            shown.Enqueue(token);
            var isKnown = token?.StartsWith("Bearer t", StringComparison.Ordinal) == true && token != refusedToken;
            context.Response.StatusCode = isKnown ? 200 : 401;
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(
                Encoding.UTF8.GetBytes(isKnown ? Trail() : """{"kind":"Status","code":401,"reason":"Unauthorized"}"""));
            context.Response.Close();
        }
    }

    // Ready a moment ago, whenever the test runs.
    static string Trail() =>
        $$$"""
        {"apiVersion": "clustertrail.io/v1alpha1", "kind": "Trail", "metadata": {"name": "main", "resourceVersion": "1", "generation": 2},
         "spec": {"clusterName": "prod", "sources": {"apiServer": {"type": "LogFile", "logFile": {"path": "/var/log/audit.log"} } },
                  "sink": {"type": "S3", "s3": {"bucket": "audit"} } },
         "status": {{{StatusJson.Ready.Replace("\"sink\":", $"\"lastObservedTime\": \"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}\", \"sink\":", StringComparison.Ordinal)}}}
        }
        """;
}

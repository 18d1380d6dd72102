using System.Diagnostics;
using System.Text.RegularExpressions;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Chart.Tests;

/// <summary>The README's first Trail, pasted into a shell: Docker is a stand-in; Helm, kubectl, its plugin and the API server are
/// real.</summary>
[Requires(Requires.Helm, Requires.Cluster)]
[Collection(ClusterFixture.Collection)]
public sealed partial class ReadmeTests(ClusterFixture cluster) : IDisposable
{
    const string Registry = "registry.test/audit";

    readonly TemporaryFolder folder = new();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TheImagesThatItPushesAreThoseThatTheChartNames()
    {
        using var helm = await Helm.FindAsync();
        var deployment = (await helm.RenderAsync($"--set=image.registry={Registry}"))["Deployment/clustertrail-operator"].ToJsonString();
        var named = Images().Matches(deployment).Select(image => image.Value).Order(StringComparer.Ordinal).ToList();
        AddProgram("docker", $"echo \"$@\" >> {folder.Join("calls")}");

        await PasteAsync(Block("images"), Repository.PathOf());

        var calls = await File.ReadAllLinesAsync(folder.Join("calls"), Cancelled);
        Assert.Equal(2, named.Count);
        Assert.Equal(named, Pushed(calls));
        Assert.Equal(named.Select(image => $"build -t {image} -f Dockerfile.{image.Split('-')[1].Split(':')[0]} .").Order(),
            calls.Where(call => call.StartsWith("build", StringComparison.Ordinal)).Order());
        Assert.All(calls.SelectMany(call => Dockerfiles().Matches(call)), file => Assert.True(File.Exists(Repository.PathOf(file.Value))));
    }

    [Fact]
    public async Task WhatIsPastedInstallsTheOperatorAndAppliesTheTrail()
    {
        var server = await cluster.StartedAsync();
        File.CreateSymbolicLink(folder.Join("helm"), await Part.Helm.PathOfAsync("helm", Cancelled).OrSkipAsync());
        File.CreateSymbolicLink(folder.Join("kubectl"), server.Admin.Program);
        AddProgram("kubectl-trail", $"exec dotnet exec {Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll")} \"$@\"");
        try
        {
            // Another test of this cluster may have used the name before, and its namespace may still be going.
            await server.Admin.RunAsync(["delete", "namespace", Helm.Namespace, "--ignore-not-found", "--timeout=90s"], Cancelled);
            await using var chart = await InstalledChart.PrepareAsync(server, Helm.Namespace);
            await PasteAsync(Block("install"), Repository.PathOf(), server.Admin.Kubeconfig);
            await PasteAsync(Block("keys"), folder.Path, server.Admin.Kubeconfig);
            await PasteAsync(Block("trail"), folder.Path, server.Admin.Kubeconfig);

            Assert.Equal("prod-eu /var/log/kubernetes/audit/audit.log",
                await FieldsAsync("{.spec.clusterName} {.spec.sources.apiServer.logFile.path}"));
            Assert.Equal("my-audit-archive eu-central-1 s3",
                await FieldsAsync("{.spec.sink.s3.bucket} {.spec.sink.s3.region} {.spec.sink.s3.credentials.secret.name}"));
            Assert.True(await chart.HasAsync("secret", "s3"));
            Assert.Equal("Envelope auditors auditor.pub.pem",
                await FieldsAsync("{.spec.encryption.type} {.spec.encryption.envelope.recipients[*]['configMapName','key']}"));
            Assert.Equal(
                (await File.ReadAllTextAsync(folder.Join("auditor.pub.pem"), Cancelled)).TrimEnd(),
                await server.Admin.RunAsync(
                    ["get", "configmap", "auditors", "--namespace", Helm.Namespace, "-o", @"jsonpath={.data.auditor\.pub\.pem}"], Cancelled));
            Assert.True(await chart.HasAsync("deployment", "clustertrail-operator"));
        }
        finally
        {
            await server.Admin.TryAsync(["delete", "namespace", Helm.Namespace, "--wait=false"], CancellationToken.None);
        }

        Task<string> FieldsAsync(string fields) => server.Admin.RunAsync(["get", "trail", "main", "-o", $"jsonpath={fields}"], Cancelled);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("charts/clustertrail/README.md")]
    [InlineData("docs/operations.md")]
    [InlineData("docs/operator.md")]
    public void EveryInstallationBeginsWithTheLabelledNamespace(string document) => Assert.Contains(
        $"""
        kubectl create namespace {Helm.Namespace}
        kubectl label namespace {Helm.Namespace} pod-security.kubernetes.io/enforce=privileged
        helm install clustertrail charts/clustertrail --namespace {Helm.Namespace} 
        """,
        File.ReadAllText(Repository.PathOf(document)),
        StringComparison.Ordinal);

    // The README's own variables, but for the registry.
    async Task PasteAsync(string commands, string workingFolder, string kubeconfig = "none")
    {
        var variables = Variables().Matches(File.ReadAllText(Repository.PathOf("README.md"))).Select(
            line => line.Value.Split('#')[0].Trim());
        var script = string.Join('\n', ["set -eu", .. variables, $"REGISTRY={Registry}", commands]);
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", script])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}", ["KUBECONFIG"] = kubeconfig,
                ["HELM_CACHE_HOME"] = folder.Path, ["HELM_CONFIG_HOME"] = folder.Path, ["HELM_DATA_HOME"] = folder.Path,
            },
        })!;
        _ = shell.StandardOutput.ReadToEndAsync(Cancelled);
        var error = await shell.StandardError.ReadToEndAsync(Cancelled);
        await shell.WaitForExitAsync(Cancelled);
        Assert.True(shell.ExitCode == 0, error);
    }

    void AddProgram(string name, string script)
    {
        File.WriteAllText(folder.Join(name), $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(folder.Join(name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    static string Block(string name) =>
        File.ReadAllText(Repository.PathOf("README.md")).Split($"<!-- tested: {name} -->\n```\n")[1].Split("\n```")[0];

    static IEnumerable<string> Pushed(IEnumerable<string> calls) =>
        calls.Where(call => call.StartsWith("push ", StringComparison.Ordinal)).Select(call => call[5..]).Order(StringComparer.Ordinal);

    [GeneratedRegex($@"{Registry}/[a-z-]+:[0-9.]+")]
    private static partial Regex Images();

    [GeneratedRegex(@"Dockerfile\.[a-z]+")]
    private static partial Regex Dockerfiles();

    [GeneratedRegex("^[A-Z_]+=.*$", RegexOptions.Multiline)]
    private static partial Regex Variables();
}

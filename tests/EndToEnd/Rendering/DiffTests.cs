using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ClusterTrail.EndToEnd.FirstHour;
using ClusterTrail.EndToEnd.Operator;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Rendering;

/// <summary>The line of docs/kubectl-trail.md that shows what a changed Trail would change, against a real API server and the operator's own objects.</summary>
[Requires(Requires.Cluster, Requires.Helm)]
public sealed partial class DiffTests : IAsyncDisposable
{
    const string Namespace = "clustertrail-system";

    readonly TemporaryFolder folder = new("/var/tmp");
    TestCluster? cluster;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Admin => cluster!.Admin;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task ADiffShowsWhatATrailWouldChangeAndNothingElse()
    {
        var helm = await Part.Helm.PathOfAsync("helm", Cancellation).OrSkipAsync();
        cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        await Admin.RunAsync(["create", "namespace", Namespace], Cancellation);
        await new InstalledRelease(helm, Admin, Namespace, folder.Path).InstallAsync("--set=agentImage.tag=test");
        var account = await cluster.AsServiceAccountAsync(Namespace, "clustertrail-operator", Cancellation);
        using var theOperator = await OperatorProcess.StartAsync(
            account.Kubeconfig, Namespace, folder.Path, cluster.Logs, Cancellation, arguments: await TelemetryPeersAsync());
        await ApplyAsync();

        // All Trails of the cluster, and the same Trail out of its file.
        Assert.Equal((0, ""), await DiffAsync("--from-cluster"));
        Assert.Equal((0, ""), await DiffAsync("-f", folder.Join("trail.yaml"), "--from-cluster"));

        WriteTrail(level: 9);
        var (exitCode, difference) = await DiffAsync("-f", folder.Join("trail.yaml"), "--from-cluster");

        Assert.Equal(1, exitCode);
        Assert.Equal(
            [
                """-          "level": 6""", """+          "level": 9""",
                "-        clustertrail.io/config-hash: HASH", "+        clustertrail.io/config-hash: HASH",
            ],
            Changed(difference).Order(Comparer<string>.Create((one, other) => string.CompareOrdinal(one[1..], other[1..]))));
    }

    // As the chart starts the operator: `render --from-cluster` reads it there.
    async Task<string> TelemetryPeersAsync()
    {
        const string path = "jsonpath={range .spec.template.spec.containers[0].args[*]}{@}{\"\\n\"}{end}";
        var installed = await Admin.RunAsync(["get", "deployment", "clustertrail-operator", "-n", Namespace, "-o", path], Cancellation);
        return installed.Split('\n').Single(argument => argument.StartsWith("--telemetry-from=", StringComparison.Ordinal));
    }

    async Task ApplyAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var auditor = key.ExportSubjectPublicKeyInfoPem();
        await Admin.RunAsync(["create", "configmap", "auditors", "-n", Namespace, $"--from-literal=auditor.pub.pem={auditor}"], Cancellation);
        await Admin.RunAsync(["create", "configmap", "own-rules", "-n", Namespace, "--from-literal=rules.yaml=lists: { exec-users: [alice] }"], Cancellation);
        await Admin.RunAsync(["create", "namespace", "payments"], Cancellation);
        WriteTrail(level: 6);
        await Admin.RunAsync(["apply", "-f", folder.Join("trail.yaml")], Cancellation);
        await Admin.ApplyAsync(
            """
            apiVersion: clustertrail.io/v1alpha1
            kind: TrailSelector
            metadata: { name: secrets, namespace: payments }
            spec: { trail: main, rules: [{ level: Metadata, resources: [{ group: "", resources: [secrets] }] }] }
            """,
            Cancellation);
        await Eventually.HoldsAsync(
            "the operator made the agents' objects",
            async () => (await Admin.TryAsync(["get", "configmap/clustertrail-main", "daemonset/clustertrail-main-apiserver", "-n", Namespace, "-o", "yaml"], Cancellation))
                .Output is var made && made.Contains("payments/secrets", StringComparison.Ordinal) && made.Contains("kind: DaemonSet", StringComparison.Ordinal),
            Cancellation);
    }

    void WriteTrail(int level) => File.WriteAllText(
        folder.Join("trail.yaml"),
        $$"""
        apiVersion: clustertrail.io/v1alpha1
        kind: Trail
        metadata: { name: main }
        spec:
          clusterName: c
          sources: { apiServer: { type: LogFile, logFile: { path: /var/log/kubernetes/audit/audit.log } } }
          sink: { type: Directory, directory: { type: HostPath, hostPath: { path: /archive } } }
          selectorPolicy: { from: All }
          encryption: { type: Envelope, envelope: { recipients: [{ configMapName: auditors, key: auditor.pub.pem }] } }
          detections: { ruleFiles: [{ configMapName: own-rules }] }
          batch: { compression: { type: Gzip, level: {{level}} } }
        """);

    // As in the document: kubectl trail render … | kubectl diff …
    async Task<(int ExitCode, string Output)> DiffAsync(params string[] options)
    {
        using var render = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll"), "render", .. options, "--kubeconfig", Admin.Kubeconfig])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var problems = render.StandardError.ReadToEndAsync(Cancellation);
        var manifests = await render.StandardOutput.ReadToEndAsync(Cancellation);
        await render.WaitForExitAsync(Cancellation);
        Assert.Equal((0, ""), (render.ExitCode, await problems));

        var documented = Documented().Match(File.ReadAllText(ToolScript.PathOf("../docs/kubectl-trail.md"))).Groups["arguments"].Value;
        var diff = await Admin.TryAsync([.. documented.Split(' ', StringSplitOptions.RemoveEmptyEntries)], Cancellation, manifests);
        Assert.Equal("", diff.Error);
        return (diff.ExitCode, diff.Output);
    }

    static IEnumerable<string> Changed(string difference) =>
        from line in difference.Split('\n')
        // A full API server counts the change in metadata.generation, too.
        where line.Length > 1 && !line.Contains("generation:", StringComparison.Ordinal)
            && line[0] is '+' or '-' && !line.StartsWith("+++", StringComparison.Ordinal) && !line.StartsWith("---", StringComparison.Ordinal)
        select Hash().Replace(line, "HASH").TrimEnd(',');

    [GeneratedRegex(@"kubectl trail render -f trail\.yaml --from-cluster \|\s*kubectl (?<arguments>diff .* -f -)\n")]
    private static partial Regex Documented();

    [GeneratedRegex("[0-9a-f]{64}|[0-9a-f]{16,}")]
    private static partial Regex Hash();
}

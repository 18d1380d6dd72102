using System.Diagnostics;
using System.Text.Json.Nodes;
using ClusterTrail.EndToEnd.Operator;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.FirstHour;

[Requires(Requires.Cluster, Requires.Helm)]
public sealed class Probe
{
    [Fact]
    public async Task Capture()
    {
        var c = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder("/var/tmp");
        await using var cluster = await TestCluster.StartOwnAsync(new(), c).OrSkipAsync();
        await cluster.Admin.ApplyAsync("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: cluster-admin }
            rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: ["*"], verbs: ["*"] }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: { name: platform }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "oidc:platform" }]
            """, c);
        var alice = cluster.Server!.AsUser("alice@example.com", "oidc:platform");
        var helm = await Part.Helm.PathOfAsync("helm", c).OrSkipAsync();
        var chart = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "charts", "clustertrail"));
        var f = new LoggedFindings(cluster.Server.AuditLog, e => e);
        f.Take();
        async Task Helm(params string[] a)
        {
            using var p = Process.Start(new ProcessStartInfo(helm, [.. a, "--namespace", "clustertrail-system", "--kubeconfig", alice.Kubeconfig])
            { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["HELM_CACHE_HOME"] = folder.Path, ["HELM_CONFIG_HOME"] = folder.Path, ["HELM_DATA_HOME"] = folder.Path } })!;
            var o = p.StandardOutput.ReadToEndAsync(c);
            var e = await p.StandardError.ReadToEndAsync(c);
            await o;
            await p.WaitForExitAsync(c);
            TestContext.Current.TestOutputHelper!.WriteLine($"helm {string.Join(' ', a)}: {p.ExitCode} {e}");
        }
        void Show(string what)
        {
            Thread.Sleep(1500);
            TestContext.Current.TestOutputHelper!.WriteLine($"### {what}");
            foreach (var (s, r, q) in f.Take())
                TestContext.Current.TestOutputHelper!.WriteLine($"{s} {r}: {q}");
        }
        await alice.RunAsync(["create", "namespace", "clustertrail-system"], c);
        await alice.RunAsync(["label", "namespace", "clustertrail-system", "pod-security.kubernetes.io/enforce=privileged"], c);
        Show("namespace");
        await Helm("install", "clustertrail", chart);
        Show("install");
        var own = await cluster.AsServiceAccountAsync("clustertrail-system", "clustertrail-operator", c);
        using var op = await OperatorProcess.StartAsync(own.Kubeconfig, "clustertrail-system", folder.Path, cluster.Logs, c);
        Show("operator");
        await alice.RunAsync(["create", "secret", "generic", "s3", "-n", "clustertrail-system", "--from-literal=accessKeyId=a", "--from-literal=secretAccessKey=b"], c);
        Show("secret");
        var trail = """{"apiVersion":"clustertrail.io/v1alpha1","kind":"Trail","metadata":{"name":"main"},"spec":{"clusterName":"c","sources":{"apiServer":{"type":"LogFile","logFile":{"path":"/var/log/kubernetes/audit/audit.log"}}},"sink":{"type":"S3","s3":{"bucket":"audit","region":"x","credentials":{"type":"Secret","secret":{"name":"s3"}}}}}}""";
        File.WriteAllText(folder.Join("t.json"), trail);
        await alice.RunAsync(["apply", "-f", folder.Join("t.json")], c);
        await Task.Delay(4000, c);
        TestContext.Current.TestOutputHelper!.WriteLine(await alice.RunAsync(["get", "daemonsets,cm,sa,networkpolicies", "-n", "clustertrail-system"], c));
        Show("trail");
        await Helm("upgrade", "clustertrail", chart, "--set=replicas=1", "--set=networkPolicy.metricsFrom[0].podSelector.matchLabels.a=b");
        Show("upgrade");
        await Helm("upgrade", "clustertrail", chart);
        Show("upgrade noop");
        await Helm("upgrade", "clustertrail", chart, "--set=trail.name=second", "--set=trail.clusterName=c", "--set=trail.sink.type=Directory", "--set=trail.sink.directory.type=HostPath", "--set=trail.sink.directory.hostPath.path=/archive");
        Show("upgrade with trail");
        await Helm("upgrade", "clustertrail", chart, "--set=trail.name=second", "--set=trail.clusterName=c", "--set=trail.sink.type=Directory", "--set=trail.sink.directory.type=HostPath", "--set=trail.sink.directory.hostPath.path=/archive");
        Show("upgrade with trail again");
        await Helm("rollback", "clustertrail", "1");
        Show("rollback");
        await alice.RunAsync(["delete", "trail", "main", "--wait=false"], c);
        Show("trail deleted");
        await Helm("uninstall", "clustertrail");
        Show("uninstall");
        File.Copy(cluster.Server.AuditLog, "/tmp/chart-audit.log", true);
    }
}

using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.EndToEnd.Operator;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.FirstHour;

/// <summary>
/// Our own rules on our own doings: what a real API server logs while an admin installs and upgrades ClusterTrail with Helm sets off no
/// alarm, and what a stranger does to it does.
/// </summary>
[Requires(Requires.Cluster, Requires.Helm)]
public sealed class FirstHourTests : IAsyncDisposable
{
    const string Namespace = "clustertrail-system";
    const string OperatorsAccount = $"system:serviceaccount:{Namespace}:clustertrail-operator";

    static readonly string[] ChartsTrail =
    [
        "--set=trail.name=second", "--set=trail.clusterName=c", "--set=trail.sink.type=Directory",
        "--set=trail.sink.directory.type=HostPath",
        "--set=trail.sink.directory.hostPath.path=/archive",
    ];

    readonly TemporaryFolder folder = new("/var/tmp");
    TestCluster? cluster;
    KubectlUser? alice;
    LoggedFindings? log;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Alice => alice!;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task AnAdminsFirstHourSetsOffNoAlarmAndAStrangersHandDoes()
    {
        var release = await WithAnAdminAsync();

        await Alice.RunAsync(["create", "namespace", Namespace], Cancellation);
        await Alice.RunAsync(["label", "namespace", Namespace, "pod-security.kubernetes.io/enforce=privileged"], Cancellation);
        await release.InstallAsync();
        await ExpectNoAlarmAsync("an installation", "trail-component-applied");

        var account = await cluster!.AsServiceAccountAsync(Namespace, "clustertrail-operator", Cancellation);
        using var theOperator = await OperatorProcess.StartAsync(account.Kubeconfig, Namespace, folder.Path, cluster.Logs, Cancellation);
        await ApplyAFirstTrailAsync();
        await ExpectNoAlarmAsync("a first Trail", "trail-created", "trail-credentials-created");

        await release.UpgradeAsync("--set=replicas=1", "--set=networkPolicy.apiServerPorts={6443}");
        await release.UpgradeAsync(ChartsTrail);
        await release.UpgradeAsync([.. ChartsTrail, "--set=trail.logging=false"]);
        await release.RollBackAsync("1");
        await ExpectNoAlarmAsync("upgrades, a Trail of the chart's and a rollback", "trail-component-applied", "trail-created");

        await ExpectStrangersHandsToBeFoundAsync();
        theOperator.Kill();
        await release.UninstallAsync();
        await ExpectAsync("helm uninstall", DetectionSeverity.Critical, "trail-uninstalled");
    }

    async Task<InstalledRelease> WithAnAdminAsync()
    {
        var helm = await Part.Helm.PathOfAsync("helm", Cancellation).OrSkipAsync();
        cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        await cluster.Admin.ApplyAsync(
            """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: { name: platform }
            rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }, { nonResourceURLs: ["*"], verbs: ["*"] }]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: { name: platform }
            roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: platform }
            subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: platform }]
            """,
            Cancellation);
        alice = cluster.Server!.AsUser("alice@example.com", "platform");
        log = new(cluster.Server.AuditLog, AsInACluster);
        return new(helm, alice, Namespace, folder.Path);
    }

    /// <summary>Here no kubelet binds the operator's token to its pod. What the test does as root, somebody else does there, or
    /// nobody.</summary>
    static JsonObject? AsInACluster(JsonObject logged)
    {
        if ((string?)logged["user"]!["username"] == "admin")
            return null;
        if ((string?)logged["user"]!["username"] == OperatorsAccount
            && ((string?)logged["userAgent"])!.StartsWith("clustertrail-operator/", StringComparison.Ordinal))
        {
            logged["user"]!["extra"] = new JsonObject
            {
                ["authentication.kubernetes.io/pod-name"] = new JsonArray("clustertrail-operator-7d9c6b5f4-x2x8k"),
            };
        }
        return logged;
    }

    async Task ApplyAFirstTrailAsync()
    {
        await Alice.RunAsync(
            ["create", "secret", "generic", "s3", "-n", Namespace, "--from-literal=accessKeyId=a", "--from-literal=secretAccessKey=b"],
            Cancellation);
        await Alice.ApplyAsync(
            """
            apiVersion: clustertrail.io/v1alpha1
            kind: Trail
            metadata: { name: main }
            spec:
              clusterName: c
              sources: { apiServer: { type: LogFile, logFile: { path: /var/log/kubernetes/audit/audit.log } } }
              sink: { type: S3, s3: { bucket: audit, region: eu-central-1, credentials: { type: Secret, secret: { name: s3 } } } }
            """,
            Cancellation);
        await Eventually.HoldsAsync(
            "the operator makes the agents", () => HasAsync("daemonset", "clustertrail-main-apiserver"), Cancellation);
    }

    async Task ExpectStrangersHandsToBeFoundAsync()
    {
        const string Agents = "clustertrail-main-apiserver";
        await FindsAsync("trail-agent-changed", "patch", "deployment", "clustertrail-operator", "--type=merge", "--patch",
            """{"spec":{"replicas":0}}""");
        await FindsAsync("trail-agent-changed", "patch", "daemonset", Agents, "--type=merge", "--patch",
            """{"spec":{"template":{"spec":{"nodeSelector":{"a":"b"}}}}}""");
        await FindsAsync("trail-agent-changed", "patch", "daemonset", Agents, "--field-manager=helm", "--type=merge", "--patch",
            """{"metadata":{"labels":{"a":"b"}}}""");
        await FindsAsync(
            "trail-agent-changed", "patch", "clusterrole", "clustertrail-operator", "--type=merge", "--patch", """{"rules":[]}""");
        await FindsAsync("trail-agent-changed", "delete", "daemonset", Agents);
        await FindsAsync(
            "trail-credentials-changed", "patch", "secret", "s3", "--type=merge", "--patch", """{"stringData":{"accessKeyId":"c"}}""");
        await FindsAsync("trail-changed", "patch", "trail", "main", "--type=merge", "--patch", """{"spec":{"logging":false}}""");
        await FindsAsync("trail-operator-impersonated", "get", "secrets", $"--as={OperatorsAccount}");
        await FindsAsync("trail-uninstalled", "delete", "clusterrolebinding", "clustertrail-operator");

        var token = await Alice.RunAsync(["create", "token", "clustertrail-operator", "-n", Namespace], Cancellation);
        var stolen = folder.Join("stolen.yaml");
        File.Copy(cluster!.Admin.Kubeconfig, stolen);
        await Alice.With(stolen).RunAsync(["config", "set-credentials", "stolen", $"--token={token}"], Cancellation);
        await Alice.With(stolen).RunAsync(["config", "set-context", "--current", "--user=stolen"], Cancellation);
        await Alice.With(stolen).RunAsync(["get", "secrets", "-n", Namespace], Cancellation);
        await ExpectAsync("a token of the operator's", DetectionSeverity.Critical, "trail-operator-impersonated");

        async Task FindsAsync(string rule, params string[] command)
        {
            await Alice.RunAsync([.. command, "-n", Namespace], Cancellation);
            await ExpectAsync(
                string.Join(' ', command), rule == "trail-credentials-changed" ? DetectionSeverity.High : DetectionSeverity.Critical, rule);
        }
    }

    async Task ExpectNoAlarmAsync(string what, params string[] recorded)
    {
        var found = await LoggedSoFarAsync();

        Assert.True(
            !found.Any(finding => finding.Severity >= DetectionSeverity.High),
            $"{what} set off:\n{string.Join('\n', found.Where(finding => finding.Severity >= DetectionSeverity.High))}");
        Assert.Empty(recorded.Except(found.Select(finding => finding.Rule)));
    }

    async Task ExpectAsync(string what, DetectionSeverity severity, string rule)
    {
        var found = await LoggedSoFarAsync();

        Assert.True(found.Any(finding => (finding.Severity, finding.Rule) == (severity, rule)), $"{what}: only {string.Join('\n', found)}");
    }

    // The log is in order: what was done before this mark is there with it.
    async Task<IReadOnlyList<(DetectionSeverity Severity, string Rule, string Request)>> LoggedSoFarAsync()
    {
        var mark = $"mark-{Guid.NewGuid():N}";
        await cluster!.Admin.TryAsync(["get", "configmap", mark], Cancellation);
        await Eventually.HoldsAsync(
            "the mark is logged",
            async () => (await File.ReadAllTextAsync(cluster.Server!.AuditLog, Cancellation)).Contains(mark, StringComparison.Ordinal),
            Cancellation);
        return log!.Take();
    }

    async Task<bool> HasAsync(string kind, string name) =>
        (await cluster!.Admin.RunAsync(["get", kind, name, "-n", Namespace, "--ignore-not-found", "-o", "name"], Cancellation)).Length > 0;
}

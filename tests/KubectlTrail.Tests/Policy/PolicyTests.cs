using System.Text;
using ClusterTrail.Contract.Yaml;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Kubectl.Tests.Policy;

/// <summary><c>kubectl trail policy</c>, end to end.</summary>
public sealed class PolicyTests : IDisposable
{
    static readonly string Local = Repository.PathOf("docs", "samples", "trail-directory.yaml");
    static readonly string Full = Repository.PathOf("docs", "samples", "trail-s3-full.yaml");
    static readonly string Team = Repository.PathOf("docs", "samples", "trailselector.yaml");

    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task APolicyAndItsFlagsArePrinted()
    {
        var outcome = await CommandLine.RunAsync("policy", "-f", Local, "--without-detections");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(
            """
            # For each kube-apiserver, which must see both files:
            # --audit-policy-file=/etc/kubernetes/audit-policy.yaml
            # --audit-log-path=/var/log/kubernetes/audit/audit.log
            # --audit-log-maxsize=100
            # --audit-log-maxbackup=10
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules:
            # local
            - level: None
              resources:
              - group: coordination.k8s.io
                resources:
                - leases
            # local
            - level: Metadata

            """, outcome.Output);
    }

    [Fact]
    public async Task DetectionsAreGivenWhatTheyNeedInFewRules()
    {
        var outcome = await CommandLine.RunAsync("policy", "-f", Local);

        var rules = YamlText.Read(outcome.Output)[0]["rules"]!.AsArray();
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.InRange(rules.Count, 3, 20);
        Assert.InRange(outcome.OutputBytes.Length, 500, 6_000);
        Assert.Contains("# detections (", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("anonymous-granted", outcome.Output, StringComparison.Ordinal);
        Assert.All(rules.Where(rule => $"{rule!["level"]}" != "Metadata"), rule =>
            Assert.DoesNotContain("secrets", rule!.ToJsonString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("secrets, serviceaccounts/token and tokenreviews", "")]
    [InlineData("secrets", "{level: Request, resources: [{group: '', resources: [secrets]}]}")]
    [InlineData(
        "secrets and serviceaccounts/token",
        "{level: Metadata, resources: [{group: '', resources: [secrets]}], verbs: [get]}, {level: RequestResponse, resources: [{group: "
            + "'', resources: ['*']}], verbs: [list]}")]
    [InlineData(
        "serviceaccounts/token",
        "{level: Request, resources: [{group: '', resources: [pods]}]}, {level: RequestResponse, resources: [{group: '', resources: "
            + "['serviceaccounts/*']}]}")]
    [InlineData("tokenreviews", "{level: Metadata, resources: [{group: ''}]}, {level: Request}")]
    [InlineData(null, "{level: Request, resources: [{group: '', resources: [serviceaccounts/token]}]}")]
    [InlineData(null, "{level: RequestResponse, nonResourceURLs: ['*']}, {level: Metadata}")]
    [InlineData(
        null,
        "{level: Metadata, resources: [{group: '', resources: [secrets, serviceaccounts/token]}, {group: authentication.k8s.io, "
            + "resources: [tokenreviews]}]}, {level: RequestResponse}")]
    public async Task WhoGetsSecretsInHerLogIsWarned(string? bodies, string selectors)
    {
        var sample = await File.ReadAllTextAsync(
            Repository.PathOf("docs", "samples", "trail-minimal.yaml"), TestContext.Current.CancellationToken);
        var trail = folder.AddFile(
            "trail.yaml", Encoding.UTF8.GetBytes(selectors.Length == 0 ? sample : $"{sample}\n  selectors: [{selectors}]\n"));

        var outcome = await CommandLine.RunAsync("policy", "-f", trail);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        if (bodies is null)
            Assert.DoesNotContain("WARNING", outcome.Output, StringComparison.Ordinal);
        else
            Assert.Contains(
                $"# WARNING: kube-apiserver will write the bodies of {bodies} to the log on each control-plane node,\n", outcome.Output,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kubeadm", "#   - name: audit-log-path\n#     value: /var/log/kubernetes/audit/audit.log\n")]
    [InlineData(
        "kubeadm",
        "#   - name: audit-log\n#     hostPath: /var/log/kubernetes/audit\n#     mountPath: /var/log/kubernetes/audit\n#     pathType: "
            + "DirectoryOrCreate\n")]
    [InlineData(
        "k3s", "# - audit-policy-file=/etc/rancher/k3s/audit-policy.yaml\n# - audit-log-path=/var/log/kubernetes/audit/audit.log\n")]
    [InlineData("rke2", "# audit-policy-file: /etc/rancher/rke2/audit-policy.yaml\n")]
    [InlineData("kind", "#         audit-log-path: /var/log/kubernetes/audit/audit.log\n")]
    public async Task WhereItGoesStandsInComments(string distribution, string expected)
    {
        var plain = await CommandLine.RunAsync("policy", "-f", Local);
        var outcome = await CommandLine.RunAsync("policy", "-f", Local, "--for", distribution);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(expected, outcome.Output, StringComparison.Ordinal);
        Assert.Equal($"{YamlText.Read(plain.Output)[0]}", $"{Assert.Single(YamlText.Read(outcome.Output))}");
    }

    [Fact]
    public async Task TalosTakesAPatch()
    {
        var plain = await CommandLine.RunAsync("policy", "-f", Local);
        var outcome = await CommandLine.RunAsync("policy", "-f", Local, "--for", "talos");

        Assert.Contains(
            "# The Trail reads /var/log/kubernetes/audit/audit.log: set its spec.sources.apiServer.logFile.path to that.", outcome.Output,
            StringComparison.Ordinal);
        Assert.Equal($"{YamlText.Read(plain.Output)[0]}", $"{YamlText.Read(outcome.Output)[0]["cluster"]!["apiServer"]!["auditPolicy"]}");
    }

    [Fact]
    public async Task ATrailSelectorThatIsNotAllowedIsLeftOut()
    {
        var outcome = await CommandLine.RunAsync("policy", "-f", Full, "-f", Team);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("TrailSelector payments/changes is skipped", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("payments", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrailsOfTwoLogsAreRefused()
    {
        var text = await File.ReadAllTextAsync(Local, TestContext.Current.CancellationToken);
        var other = folder.AddFile(
            "other.yaml",
            Encoding.UTF8.GetBytes(
                text.Replace("name: local", "name: other", StringComparison.Ordinal).Replace(
                    "audit/audit.log", "audit/other.log", StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("policy", "-f", Local, "-f", other);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains("but an API server writes one audit log", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Requires(Requires.Cluster)]
    public async Task ARealApiServerTakesIt()
    {
        var team = folder.AddFile(
            "namespace.yaml", "{ apiVersion: v1, kind: Namespace, metadata: { name: payments, labels: { audit: team } } }"u8.ToArray());
        var outcome = await CommandLine.RunAsync("policy", "-f", Full, "-f", Team, "-f", team);
        Assert.Contains(
            "# payments/changes: more than requested: without the rule's conditions on fields", outcome.Output, StringComparison.Ordinal);

        await using var cluster =
            await ClusterServer.StartAsync(new() { AuditPolicy = outcome.Output }, TestContext.Current.CancellationToken).OrSkipAsync();
        await cluster.Admin.RunAsync(["create", "configmap", "seen", "--namespace", "default"], TestContext.Current.CancellationToken);

        await using var log = new FileStream(cluster.AuditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(log);
        var events = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"name\":\"seen\"", events, StringComparison.Ordinal);
        Assert.DoesNotContain("RequestReceived", events, StringComparison.Ordinal);
    }
}

using ClusterTrail.EndToEnd.FirstHour;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd;

/// <summary>What a real API server answers with the content of secrets is a read of them, whatever the verb.</summary>
[Requires(Requires.Cluster)]
public sealed class SecretReadTests
{
    const string Secrets = "/api/v1/namespaces/kube-system/secrets";
    const string Value = "c3VwZXItc2VjcmV0";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryAnswerThatHoldsASecretIsAFinding()
    {
        await using var cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        await cluster.Admin.RunAsync(["create", "secret", "generic", "db", "-n", "kube-system", "--from-literal=password=super-secret"], Cancellation);
        await cluster.Admin.RunAsync(["create", "configmap", "aws-auth", "-n", "kube-system"], Cancellation);
        var findings = new LoggedFindings(cluster.Server!.AuditLog, audit => audit);

        await ReadAsync("system-secret-read", "patch", "secret", "db", "-n", "kube-system", "-p", "{}", "-o", "json");
        await ReadAsync("secret-read-by-write", "patch", "secret", "db", "-n", "kube-system", "-p", "{}", "--dry-run=server", "-o", "json");
        await ReadAsync("secrets-listed-everywhere", "get", "--raw", "/api/v1/secrets?watch=true&timeoutSeconds=1");
        await ReadAsync("system-secret-read", "get", "--raw", $"{Secrets}?watch=true&timeoutSeconds=1");
        await ReadAsync("secrets-read-by-deletion", "delete", "--raw", $"{Secrets}?dryRun=All");
        await ReadAsync("secret-read-by-write", "delete", "--raw", $"{Secrets}/db?dryRun=All&propagationPolicy=Foreground");
        await FindAsync("aws-auth-changed", await cluster.Admin.RunAsync(["annotate", "configmap", "aws-auth", "-n", "kube-system", "a=b"], Cancellation));

        // Its answer says only that it is done, and so does the API server's log.
        var deleted = await cluster.Admin.RunAsync(["delete", "--raw", $"{Secrets}/db"], Cancellation);
        Assert.DoesNotContain(Value, deleted, StringComparison.Ordinal);
        var after = new List<string>();
        await cluster.Admin.RunAsync(["delete", "configmap", "aws-auth", "-n", "kube-system"], Cancellation);
        await Eventually.HoldsAsync(
            "the log goes on",
            () =>
            {
                after.AddRange(findings.Take().Select(finding => finding.Rule));
                return Task.FromResult(after.Contains("aws-auth-changed"));
            },
            Cancellation);
        Assert.DoesNotContain("secret-read-by-write", after);

        async Task ReadAsync(string rule, params string[] arguments)
        {
            var answer = await cluster.Admin.RunAsync(arguments, Cancellation);
            Assert.Contains(Value, answer, StringComparison.Ordinal);
            await FindAsync(rule, string.Join(' ', arguments));
        }

        Task FindAsync(string rule, string what) =>
            Eventually.HoldsAsync($"{rule} fires on {what}", () => Task.FromResult(findings.Take().Any(finding => finding.Rule == rule)), Cancellation);
    }
}

using System.Text;
using System.Text.Json;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary><c>kubectl trail verify --status</c> against a real API server.</summary>
[Requires(Requires.Cluster)]
public sealed class VerifyStatusTests(ClusterFixture fixture) : IDisposable
{
    readonly TemporaryFolder folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WhatTheOperatorKnowsShowsACutOffTail()
    {
        var admin = await WithCustomResourcesAsync();
        using var world = new TwoNodes(3, DateTimeOffset.UtcNow);
        var trail = await CreateAsync(admin, world);

        var whole = await VerifyAsync(world, admin);
        world.Objects.Remove(world.Names("digests", 1)[^1]);
        Directory.Delete(folder.Join("archive"), recursive: true);
        var cut = await VerifyAsync(world, admin);
        var nobody = await VerifyAsync(world, admin, "--node", "no-such-node");
        await admin.RunAsync(["delete", "trail", trail], Cancellation);
        var without = await VerifyAsync(world, admin);

        Assert.Equal((0, ""), (whole.ExitCode, whole.Error));
        Assert.Equal((int)FindingKind.CutOffTail, cut.ExitCode);
        Assert.Equal(1, nobody.ExitCode);
        Assert.Contains("names a head of what is verified", nobody.Error, StringComparison.Ordinal);
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("--status: no Trail of", without.Error, StringComparison.Ordinal);
    }

    Task<Outcome> VerifyAsync(TwoNodes world, KubectlUser admin, params string[] more)
    {
        world.Archive.WriteTo(folder.Join("archive"));
        File.WriteAllText(folder.Join("operator.pem"), world.Archive.Operator.Public.Pem);
        return CommandLine.RunAsync(
        [
            "verify", folder.Join("archive"), "--keys", folder.Join("operator.pem"), "--status", "--cluster", "demo", "--trail", "main",
            "--kubeconfig", admin.Kubeconfig, .. more,
        ]);
    }

    static async Task<string> CreateAsync(KubectlUser admin, TwoNodes world)
    {
        var sample = await File.ReadAllTextAsync(Repository.PathOf("docs", "samples", "trail-minimal.yaml"), Encoding.UTF8, Cancellation);
        await admin.ApplyAsync(
            System.Text.RegularExpressions.Regex.Replace(sample, "clusterName: .*", "clusterName: demo"), Cancellation);
        var status = JsonSerializer.Serialize(new
        {
            status = new
            {
                nodes = world.Agents.Select(agent => new
                {
                    name = agent.Owner.Node,
                    head = new
                    {
                        chain = agent.Owner.Chain,
                        chainId = agent.Delivered!.ChainId,
                        sequence = agent.Delivered.Sequence,
                        sha256 = agent.Delivered.Sha256,
                        until = world.Archive.Now,
                    },
                }),
            },
        });
        await admin.RunAsync(["patch", "trail", "main", "--subresource=status", "--type=merge", "--patch", status], Cancellation);
        return "main";
    }

    async Task<KubectlUser> WithCustomResourcesAsync()
    {
        var admin = (await fixture.StartedAsync()).Admin;
        await admin.RunAsync(["apply", "--server-side", "-f", Repository.PathOf("crds")], Cancellation);
        await admin.WaitForKindsAsync(["-f", Repository.PathOf("crds")], Cancellation);
        return admin;
    }
}

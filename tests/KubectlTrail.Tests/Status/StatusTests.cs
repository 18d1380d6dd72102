using System.Text;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Kubectl.Tests.Status;

/// <summary><c>kubectl trail status</c> against a real API server.</summary>
[Requires(Requires.Cluster)]
public sealed class StatusTests(ClusterFixture fixture)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheExitCodeTellsWhetherATrailIsReady()
    {
        var admin = await WithCustomResourcesAsync();
        var (ready, failing) = (await CreateAsync(admin, StatusJson.Ready), await CreateAsync(admin, StatusJson.Failing.Replace("\"No agent was asked.\"", "\"No agent was asked.\", \"lastTransitionTime\": \"2026-03-01T11:58:30Z\"", StringComparison.Ordinal)));

        var good = await StatusAsync(admin, ready);
        var bad = await StatusAsync(admin, failing);
        var all = await StatusAsync(admin);
        await admin.RunAsync(["delete", "trails", ready, failing], Cancellation);

        Assert.Equal((0, ""), (good.ExitCode, good.Error));
        Assert.StartsWith($"Trail {ready}: Ready\n├─ conditions\n│  ├─ Ready     True  Recording", good.Output, StringComparison.Ordinal);
        Assert.Equal((3, ""), (bad.ExitCode, bad.Error));
        Assert.Contains("Since 11:58 the sink takes nothing.", bad.Output, StringComparison.Ordinal);
        Assert.Equal(3, all.ExitCode);
        Assert.Contains(all.Lines, line => line.StartsWith($"{ready} ", StringComparison.Ordinal));
        Assert.Contains($"Trail {failing}: not Ready\n", all.Output, StringComparison.Ordinal);
        Assert.DoesNotContain($"Trail {ready}: ", all.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATrailThatIsNotThereIsTold()
    {
        var admin = await WithCustomResourcesAsync();

        var outcome = await StatusAsync(admin, "nothing");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Matches("^kubectl trail: https://.+ has no Trail nothing; 'kubectl get trails' shows its Trails[.]\n$", outcome.Error);
    }

    [Fact]
    public async Task WhoMayNotReadTrailsIsTold()
    {
        var admin = await WithCustomResourcesAsync();
        var cluster = await fixture.StartedAsync();
        var @namespace = await cluster.CreateNamespaceAsync(Cancellation);
        await admin.RunAsync(["create", "serviceaccount", "nobody", "--namespace", @namespace], Cancellation);

        var outcome = await StatusAsync(await cluster.AsServiceAccountAsync(@namespace, "nobody", Cancellation));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches("^kubectl trail: The Trails of https://.+ cannot be read: .*403 Forbidden.*\n$", outcome.Error);
    }

    [Fact]
    public async Task AContextThatIsNotThereIsWrongUsage()
    {
        var admin = await WithCustomResourcesAsync();

        var outcome = await CommandLine.RunAsync("status", "--kubeconfig", admin.Kubeconfig, "--context", "nowhere");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("there is no context 'nowhere'", outcome.Error, StringComparison.Ordinal);
    }

    static Task<Outcome> StatusAsync(KubectlUser user, params string[] trail) => CommandLine.RunAsync(["status", .. trail, "--kubeconfig", user.Kubeconfig]);

    static async Task<string> CreateAsync(KubectlUser admin, string status)
    {
        var name = $"t{Guid.NewGuid():N}";
        var sample = await File.ReadAllTextAsync(Repository.PathOf("docs", "samples", "trail-minimal.yaml"), Encoding.UTF8, Cancellation);
        await admin.ApplyAsync(sample.Replace("name: main", $"name: {name}", StringComparison.Ordinal), Cancellation);
        await admin.RunAsync(["patch", "trail", name, "--subresource=status", "--type=merge", "--patch", $$"""{"status": {{status}}}"""], Cancellation);
        return name;
    }

    async Task<KubectlUser> WithCustomResourcesAsync()
    {
        var admin = (await fixture.StartedAsync()).Admin;
        await admin.RunAsync(["apply", "--server-side", "-f", Repository.PathOf("crds")], Cancellation);
        await admin.WaitForKindsAsync(["-f", Repository.PathOf("crds")], Cancellation);
        return admin;
    }
}

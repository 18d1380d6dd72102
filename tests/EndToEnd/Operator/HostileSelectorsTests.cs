using System.Diagnostics;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>
/// A namespace's admin writes as many TrailSelectors, as large ones, as the API server takes: the operator, with the memory that the chart
/// gives it, goes on, also after a restart.
/// </summary>
/// <remarks>CLUSTERTRAIL_TEST_HOSTILE=1 writes 10,000 small and 500 of the largest, which takes minutes.</remarks>
[Requires(Requires.Cluster)]
public sealed class HostileSelectorsTests : IAsyncDisposable
{
    static readonly bool IsFull = Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_HOSTILE") == "1";
    static readonly (int Small, int Large) Count = IsFull ? (10_000, 500) : (1_000, 60);

    // Older ones fill the quota. It is among the first 2,000 by name: those are read after a restart.
    static readonly string Young = IsFull ? "s1998" : "s900";

    AttackedCluster cluster = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task NoNamespaceStopsTheOperatorForOthers()
    {
        cluster = await AttackedCluster.StartAsync("team-bad", "team-good");
        await cluster.ApplyTrailAsync("main");
        using (var first = await cluster.StartOperatorAsync())
        {
            await AttackAsync();
            await IsAttachedAsync("wanted");
            await IsToldAsync();
            AttackedCluster.AssertWithinLimit(first, "while they are written");
            first.Kill();
        }

        var since = Stopwatch.StartNew();
        using var second = await cluster.StartOperatorAsync();
        TestContext.Current.SendDiagnosticMessage($"ready {since.Elapsed.TotalSeconds:0.0} s after the restart");
        await IsAttachedAsync("after");
        AttackedCluster.AssertWithinLimit(second, "after a restart");
        await IsRefusedAsync(Young);
        await IsRefusedAsync("large-0");
        AttackedCluster.AssertWithinLimit(second, "when all is judged");
    }

    async Task AttackAsync()
    {
        var large = AttackedCluster.Large();
        await Parallel.ForAsync(0, Count.Small, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancel },
            async (n, _) =>
            await cluster.PostSelectorAsync("team-bad", $"s{n}", TrailOf(n), AttackedCluster.Small()));
        await Parallel.ForAsync(0, Count.Large, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancel },
            async (n, _) =>
            await cluster.PostSelectorAsync("team-bad", $"large-{n}", TrailOf(n), large.DeepClone().AsArray()));
    }

    static string TrailOf(int n) => n % 2 == 0 ? "main" : "nowhere";

    // A leader that was killed holds its lease for 15 s more.
    async Task IsAttachedAsync(string name)
    {
        await cluster.PostSelectorAsync("team-good", name, "main", AttackedCluster.Small());
        var since = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            $"{name} is attached", TimeSpan.FromMinutes(1), async () => await cluster.ReasonAsync("team-good", name) == "Attached", Cancel);
        TestContext.Current.SendDiagnosticMessage($"{name} attached after {since.Elapsed.TotalSeconds:0.0} s");
    }

    // It takes minutes to write so many statuses; others do not wait for them.
    Task IsRefusedAsync(string name) => Eventually.HoldsAsync(
        $"{name} is refused",
        TimeSpan.FromMinutes(5),
        async () => await cluster.ReasonAsync("team-bad", name) == "NamespaceQuotaExceeded",
        Cancel);

    Task IsToldAsync() => Eventually.HoldsAsync(
        "the Trail names who exceeds the quota",
        async () => (await cluster.TrailAsync("main"))["status"]?["conditions"]?.AsArray().Any(condition =>
            (string?)condition!["reason"] == "QuotaExceeded"
            && ((string)condition["message"]!).Contains("team-bad", StringComparison.Ordinal)) == true,
        Cancel);
}

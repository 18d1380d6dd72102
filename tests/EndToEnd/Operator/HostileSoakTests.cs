using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>
/// A namespace's admin, a node and a neighbour in the operator's namespace attack at once: the operator keeps to the memory that the chart
/// gives it, does not end, and reconciles the Trails of others as if nothing was.
/// </summary>
/// <remarks>CLUSTERTRAIL_TEST_SOAK_SECONDS says for how long; the default is 30.</remarks>
[Requires(Requires.Cluster)]
public sealed class HostileSoakTests : IAsyncDisposable
{
    const int MostSmall = 3_000;
    const int MostLarge = 40;
    const int Seed = 17;

    static readonly TimeSpan Duration = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("CLUSTERTRAIL_TEST_SOAK_SECONDS") ?? "30", CultureInfo.InvariantCulture));
    static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // The API server does so every five minutes: too rarely for the store, which has 2 GB.
    static readonly TimeSpan CompactsAfter = TimeSpan.FromMinutes(1);

    AttackedCluster cluster = null!;
    PartsOfCluster? parts;
    NodeWorld? nodes;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (nodes is not null)
            await nodes.DisposeAsync();
        parts?.Dispose();
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task OthersTrailsAreReconciledWhileStrangersAttack()
    {
        cluster = await AttackedCluster.StartAsync("team-bad", "team-good");
        using var theOperator = await cluster.StartOperatorAsync();
        await RunAgentsAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task[] attacks =
        [
            RepeatAsync(WriteSmallAsync, end.Token), RepeatAsync(WriteLargeAsync, end.Token), RepeatAsync(TakeNamesAsync, end.Token),
        ];

        var latencies = await MeasureAsync(attacks);
        await end.CancelAsync();
        await Task.WhenAll(attacks);

        TestContext.Current.SendDiagnosticMessage(
            $"{latencies.Count} changes of another Trail: median {latencies[latencies.Count / 2]:0.00} s, longest {latencies[^1]:0.00} s");
        Assert.True(latencies[^1] < Promise.TotalSeconds, $"Another Trail was reconciled after {latencies[^1]:0.0} s.");
        AttackedCluster.AssertWithinLimit(theOperator, $"in {Duration.TotalSeconds} s of attacks");
        Assert.False(theOperator.HasExited, "The operator has ended.");
        await HasReasonAsync("good", "Ready", "Recording");
        await HasReasonAsync("main", "Receiving", "ReportRefused");
        await HasReasonAsync("main", "SelectorsWithinQuota", "QuotaExceeded");
        await HasReasonAsync("taken", "Accepted", "NameTaken");
    }

    async Task RunAgentsAsync()
    {
        foreach (var trail in new[] { "main", "good" })
            await cluster.ApplyTrailAsync(trail);
        parts = await PartsOfCluster.OfAsync(cluster.Cluster, Cancel);
        nodes = new(parts.As, options: new() { Round = TimeSpan.FromSeconds(1) });
        await nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        await nodes.AddControlPlaneNodeAsync("cp-2", Cancel);
        nodes.Start();
        await HasReasonAsync("main", "Ready", "Recording");
        await HasReasonAsync("good", "Ready", "Recording");
        // It has the key: the node is compromised.
        var reports = new HostileReports(Seed);
        nodes.AgentOf("cp-1", "main").Says = reports.Distort;
        nodes.AgentOf("cp-1", "main").Answers = reports.Garbage;
    }

    async Task<List<double>> MeasureAsync(IReadOnlyList<Task> attacks)
    {
        var latencies = new List<double>();
        var compacted = Stopwatch.StartNew();
        for (var since = Stopwatch.StartNew(); since.Elapsed < Duration || latencies.Count == 0;)
        {
            latencies.Add(await ReconcileOtherAsync(latencies.Count + 61));
            await Task.Delay(Pause, Cancel);
            if (compacted.Elapsed > CompactsAfter)
            {
                await cluster.Cluster.Server!.CompactAsync(Cancel);
                compacted.Restart();
            }

            foreach (var broken in attacks.Where(attack => attack.IsFaulted))
                await broken;
        }

        latencies.Sort();
        return latencies;
    }

    async Task<double> ReconcileOtherAsync(int age)
    {
        await cluster.ApplyTrailAsync("good", age);
        var since = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            "the other Trail's files are changed",
            async () => (await FilesAsync("good")).Contains($"\"maxAgeSeconds\":{age}", StringComparison.Ordinal),
            Cancel);
        return since.Elapsed.TotalSeconds;
    }

    async Task<string> FilesAsync(string trail)
    {
        var map = await cluster.ReadAsync($"/api/v1/namespaces/{AttackedCluster.Namespace}/configmaps/clustertrail-{trail}");
        return ((string)map["data"]!["agent.json"]!).Replace(" ", "", StringComparison.Ordinal);
    }

    async Task WriteSmallAsync(int n)
    {
        if (n >= MostSmall)
            await cluster.DeleteSelectorAsync("team-bad", $"small-{n - MostSmall}");
        await cluster.PostSelectorAsync("team-bad", $"small-{n}", n % 2 == 0 ? "main" : "nowhere", AttackedCluster.Small());
    }

    async Task WriteLargeAsync(int n)
    {
        if (n >= MostLarge)
            await cluster.DeleteSelectorAsync("team-bad", $"large-{n - MostLarge}");
        await cluster.PostSelectorAsync("team-bad", $"large-{n}", n % 2 == 0 ? "main" : "nowhere", AttackedCluster.Large());
        await Task.Delay(Pause / 8, Cancel);
    }

    // The name that an object of one Trail would have is taken, by one that changes all the time; others say that they are another Trail's.
    async Task TakeNamesAsync(int n)
    {
        await WriteConfigMapAsync("clustertrail-taken", "taken", n);
        if (n == 0)
            await cluster.ApplyTrailAsync("taken");
        await WriteConfigMapAsync($"theirs-{n % MostLarge}", "good", n);
        await Task.Delay(Pause / 4, Cancel);
    }

    Task WriteConfigMapAsync(string name, string trail, int n) => cluster.WriteConfigMapAsync(new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["clustertrail.io/trail"] = trail } },
        ["data"] = new JsonObject { ["text"] = $"{n}{new string('x', 900_000)}" },
    });

    static async Task RepeatAsync(Func<int, Task> attack, CancellationToken end)
    {
        for (var n = 0; !end.IsCancellationRequested; n++)
            await attack(n);
    }

    async Task HasReasonAsync(string trail, string type, string reason)
    {
        var seen = "";
        try
        {
            await Eventually.HoldsAsync(
                $"{trail} is {type}: {reason}",
                TimeSpan.FromMinutes(1),
                async () => (seen = await ReasonsAsync(trail)).Contains($"{type} {reason};", StringComparison.Ordinal),
                Cancel);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} It is {seen}");
        }
    }

    async Task<string> ReasonsAsync(string trail) => string.Concat(
        ((await cluster.TrailAsync(trail))["status"]?["conditions"]?.AsArray() ?? []).Select(one => $"{one!["type"]} {one["reason"]};"));
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Benchmarks;

/// <summary>The operator at the size of a large cluster's, on a real API server.</summary>
static class OperatorBenchmark
{
    const int Trails = 500;
    const int Selectors = 2000;
    const int ManySelectors = 5000;
    const int Namespaces = 50;
    const int Changes = 200;
    const string Namespace = "clustertrail-system";
    const string Policy = """{"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived", "ResponseStarted"], "rules": [{"level": "Metadata"}]}""";
    const string UserAgent = "clustertrail-operator/";

    static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <param name="part"><c>selectors</c>: only how long very many TrailSelectors take.</param>
    public static async Task<int> RunAsync(string? part = null)
    {
        await using var cluster = await ClusterServer.StartAsync(new() { AuditPolicy = Policy }, default);
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("api-server.sh"))!, ".."));
        await cluster.Admin.RunAsync(["apply", "--server-side", "-f", Path.Combine(root, "crds")], default);
        await cluster.Admin.WaitForKindsAsync(["crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io"], default);
        foreach (var name in Enumerable.Range(0, Namespaces).Select(n => $"team-{n}").Append(Namespace))
            await PostAsync(cluster, "/api/v1/namespaces", new() { ["metadata"] = new JsonObject { ["name"] = name } });
        using var folder = new TemporaryFolder();
        using var process = await StartAsync(cluster, folder);

        using var seen = new DaemonSetWatch(cluster.Http);
        await ConvergeAsync(cluster, seen, part == "selectors" ? 1 : Trails, part == "selectors" ? 0 : Selectors);
        var report = new Report();
        await JudgeManyAsync(cluster, process, report);
        if (part == "selectors")
            return report.AllWithinLimits ? 0 : 1;
        var latencies = await ChangeAsync(cluster, seen);
        await Task.Delay(TimeSpan.FromSeconds(40)); // status writes that were put off come to rest
        var before = Requests(cluster.AuditLog);
        await Task.Delay(Idle);
        report.AtMost("operator.apply_p99_ms", latencies[(int)(latencies.Count * 0.99)], "ms", 1000);
        Report.Figure("operator.apply_p50_ms", latencies[latencies.Count / 2], "ms");
        report.AtMost("operator.idle_requests_per_minute", (Requests(cluster.AuditLog) - before) / Idle.TotalMinutes, "requests", 60);
        report.AtMost("operator.peak_rss_mb", PeakMegabytes(process.Id), "MB", 180);
        using var next = await StartAsync(cluster, folder);
        report.AtMost("operator.take_over_s", (await TakeOverAsync(cluster, process)).TotalSeconds, "s", 2);
        return report.AllWithinLimits ? 0 : 1;
    }

    static async Task<ServerProcess> StartAsync(ClusterServer cluster, TemporaryFolder folder)
    {
        var listen = $"127.0.0.1:{FreePort.Next()}";
        var process = ServerProcess.Start(
            Environment.GetEnvironmentVariable("CLUSTERTRAIL_OPERATOR")!,
            ["run", "--namespace", Namespace, "--agent-image", "agent", "--listen", listen, "--kubeconfig", cluster.Admin.Kubeconfig],
            folder.Path, cluster.Logs);
        await process.WaitUntilReadyAsync(new Uri($"http://{listen}/readyz"), default);
        return process;
    }

    /// <summary>From SIGTERM to the leader until another replica holds the lease.</summary>
    static async Task<TimeSpan> TakeOverAsync(ClusterServer cluster, ServerProcess leader)
    {
        var before = await HolderAsync(cluster);
        var since = Stopwatch.StartNew();
        leader.Terminate();
        while (await HolderAsync(cluster) is not { Length: > 0 } holder || holder == before)
            await Task.Delay(10);
        return since.Elapsed;
    }

    static async Task<string?> HolderAsync(ClusterServer cluster)
    {
        var lease = JsonNode.Parse(
            await cluster.Http.GetStringAsync($"/apis/coordination.k8s.io/v1/namespaces/{Namespace}/leases/clustertrail-operator"))!;
        return (string?)lease["spec"]!["holderIdentity"];
    }

    static async Task ConvergeAsync(ClusterServer cluster, DaemonSetWatch seen, int trails, int selectors)
    {
        var since = Stopwatch.StartNew();
        for (var n = 0; n < trails; n++)
            await PostAsync(cluster, "/apis/clustertrail.io/v1alpha1/trails", Trail(n));
        for (var n = 0; n < selectors; n++)
            await PostAsync(cluster, $"/apis/clustertrail.io/v1alpha1/namespaces/team-{n % Namespaces}/trailselectors", Selector(n));
        await UntilAsync(() => Task.FromResult(seen.Count >= trails));
        await UntilAsync(async () => await UnjudgedAsync(cluster) <= Selectors - selectors);
        Report.Figure("operator.converge_s", since.Elapsed.TotalSeconds, "s");
    }

    /// <summary>From the first of 5,000 TrailSelectors for one Trail until the last has its condition.</summary>
    static async Task JudgeManyAsync(ClusterServer cluster, ServerProcess process, Report report)
    {
        var since = Stopwatch.StartNew();
        var cpu = CpuSeconds(process.Id);
        await Parallel.ForAsync(0, ManySelectors, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, _) =>
        {
            var selector = Selector(0);
            selector["metadata"]!["name"] = $"many{n}";
            await PostAsync(cluster, $"/apis/clustertrail.io/v1alpha1/namespaces/team-{n % Namespaces}/trailselectors", selector);
        });
        // To list so many costs the API server half a second of what it shares with the operator.
        await UntilAsync(async () => await JudgedAsync(cluster, "many") == ManySelectors, pauseSeconds: 2);
        var seconds = since.Elapsed.TotalSeconds;
        // Measured: 25 s with two cores of its own and the API server's, 64 s with busy ones; 8.7 CPU-seconds in both.
        report.AtMost("operator.selectors_converge_s", seconds, "s", 90);
        report.AtMost("operator.selectors_cpu_seconds", CpuSeconds(process.Id) - cpu, "s", 15);
    }

    static async Task<int> JudgedAsync(ClusterServer cluster, string prefix)
    {
        var list = JsonNode.Parse(await cluster.Http.GetStringAsync("/apis/clustertrail.io/v1alpha1/trailselectors"))!;
        return list["items"]!.AsArray().Count(item =>
            ((string)item!["metadata"]!["name"]!).StartsWith(prefix, StringComparison.Ordinal)
            && item["status"]?["trails"]?[0]?["conditions"]?[0] is not null);
    }

    static double CpuSeconds(int process)
    {
        const int TicksASecond = 100;
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(' ');
        return (double.Parse(fields[13], CultureInfo.InvariantCulture)
            + double.Parse(fields[14], CultureInfo.InvariantCulture)) / TicksASecond;
    }

    // One after the other, as people do: from the API server's answer to the DaemonSet that follows from it.
    static async Task<List<double>> ChangeAsync(ClusterServer cluster, DaemonSetWatch seen)
    {
        var latencies = new List<double>();
        for (var n = 0; n < Changes; n++)
        {
            var name = $"t{n * 7 % Trails}";
            var before = seen.HashOf(name);
            var body = new JsonObject { ["spec"] = new JsonObject { ["batch"] = new JsonObject { ["maxAgeSeconds"] = n + 61 } } };
            var patch = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/merge-patch+json");
            using var answer = await cluster.Http.PatchAsync($"/apis/clustertrail.io/v1alpha1/trails/{name}", patch);
            var applied = Stopwatch.GetTimestamp();
            answer.EnsureSuccessStatusCode();
            while (seen.HashOf(name) == before)
                await Task.Delay(1);
            latencies.Add(Stopwatch.GetElapsedTime(applied).TotalMilliseconds);
        }

        latencies.Sort();
        return latencies;
    }

    static async Task<int> UnjudgedAsync(ClusterServer cluster)
    {
        var list = JsonNode.Parse(await cluster.Http.GetStringAsync("/apis/clustertrail.io/v1alpha1/trailselectors"))!;
        return Selectors - list["items"]!.AsArray().Count(item =>
            (string?)item!["status"]?["trails"]?[0]?["conditions"]?[0]?["status"] == "True");
    }

    static async Task PostAsync(ClusterServer cluster, string path, JsonObject body)
    {
        using var answer = await cluster.Http.PostAsync(path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    static JsonObject Trail(int n) => new()
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "Trail",
        ["metadata"] = new JsonObject { ["name"] = $"t{n}" },
        ["spec"] = new JsonObject
        {
            ["clusterName"] = "bench",
            ["sources"] = new JsonObject
            {
                ["apiServer"] = new JsonObject
                {
                    ["type"] = "LogFile",
                    ["logFile"] = new JsonObject { ["path"] = "/var/log/audit/audit.log" },
                },
            },
            ["selectorPolicy"] = new JsonObject { ["from"] = "All" },
            ["sink"] = new JsonObject { ["type"] = "S3", ["s3"] = new JsonObject { ["bucket"] = "audit" } },
        },
    };

    // A fifth of them for one Trail, as in real clusters.
    static JsonObject Selector(int n) => new()
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "TrailSelector",
        ["metadata"] = new JsonObject { ["name"] = $"s{n}" },
        ["spec"] = new JsonObject
        {
            ["trail"] = n % 5 == 0 ? "t0" : $"t{n % Trails}",
            ["rules"] = new JsonArray(
                new JsonObject
                {
                    ["level"] = "Request",
                    ["resources"] = new JsonArray(new JsonObject { ["group"] = "", ["resources"] = new JsonArray("configmaps") }),
                }),
        },
    };

    static int Requests(string auditLog) => File.ReadLines(auditLog).Count(line => line.Contains(UserAgent, StringComparison.Ordinal));

    static double PeakMegabytes(int process) => File.ReadLines($"/proc/{process}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();

    static async Task UntilAsync(Func<Task<bool>> holds, double pauseSeconds = 0.2)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            if (since.Elapsed > Timeout)
                throw new TimeoutException($"The operator did not converge in {Timeout}.");
            await Task.Delay(TimeSpan.FromSeconds(pauseSeconds));
        }
    }

    /// <summary>The configuration hashes of the DaemonSets' pods, as a watch tells them.</summary>
    sealed class DaemonSetWatch : IDisposable
    {
        readonly ConcurrentDictionary<string, string> hashes = new();
        readonly CancellationTokenSource stop = new();

        public DaemonSetWatch(HttpClient http) => _ = Task.Run(() => FollowAsync(http));

        public int Count => hashes.Count;

        public string? HashOf(string trail) => hashes.GetValueOrDefault(trail);

        public void Dispose()
        {
            stop.Cancel();
            stop.Dispose();
        }

        async Task FollowAsync(HttpClient http)
        {
            var path = $"/apis/apps/v1/namespaces/{Namespace}/daemonsets?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1800";
            using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, stop.Token);
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(stop.Token));
            while (await lines.ReadLineAsync(stop.Token) is { } line)
            {
                var changed = JsonNode.Parse(line)!["object"]!;
                if ((string?)changed["metadata"]?["labels"]?["clustertrail.io/trail"] is { } trail)
                    hashes[trail] = (string?)changed["spec"]!["template"]!["metadata"]!["annotations"]!["clustertrail.io/config-hash"]
                        ?? "";
            }
        }
    }
}

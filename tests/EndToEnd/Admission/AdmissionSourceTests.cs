using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Admission;

/// <summary>
/// A real API server asks an agent about each write, and writes an audit log too: so it is known which writes there were.
/// </summary>
[Requires(Requires.Cluster)]
public sealed class AdmissionSourceTests(ITestOutputHelper output)
{
    const int Kills = 6;
    const int Senders = 4;
    const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachWriteOfTheLogIsArchivedOnceAsTheSameRequest()
    {
        using var agent = new AskedAgent();
        await agent.StartAsync();
        await using var cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        var server = cluster.Server!;
        await agent.RegisterAsync(server, Cancellation);
        await FirstReviewAsync(agent, server);

        for (var at = 0; at < 20; at++)
            await WriteAllAsync(server, $"one-{at}");
        await SendAsync(server, HttpMethod.Post, "/api/v1/namespaces", new { metadata = new { name = "shop" } });
        await SendAsync(server, HttpMethod.Post, "/api/v1/namespaces/default/pods", Pod("web"));
        await SendAsync(server, HttpMethod.Post, $"{ConfigMaps}?dryRun=All", ConfigMap("one-dry"), CancellationToken.None);
        using (await server.Http.PostAsync(
            new Uri("/api/v1/namespaces/default/pods/web/exec?container=c&command=sh&command=-c&command=id&stdout=true", UriKind.Relative), null,
            Cancellation))
        {
            // There is no kubelet; it is asked all the same.
        }

        var records = await SettledAsync(agent, server, []);

        Assert.Contains(records, record => record.Verb == "delete" && record.Uri.EndsWith("/one-0", StringComparison.Ordinal));
        // This API server takes no options of an exec, and so passes none on.
        var exec = Assert.Single(records, record => record.Uri.Contains("/pods/web/exec", StringComparison.Ordinal));
        Assert.Equal(("create", "web", "admin"), (exec.Verb, exec.Name, exec.User));
        Assert.Single(records, record => record.Uri.Contains("dryRun=All", StringComparison.Ordinal) && record.Name == "one-dry");
        output.WriteLine($"{records.Count} events; {(await StatusAsync(agent)).GetRawText()}");
    }

    [Fact]
    public async Task WhenTheAgentIsKilledTheApiGoesOnAndWhatIsMissingIsAccountedFor()
    {
        using var agent = new AskedAgent();
        await agent.StartAsync();
        await using var cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        var server = cluster.Server!;
        await agent.RegisterAsync(server, Cancellation);
        await FirstReviewAsync(agent, server);

        var lost = 0L;
        for (var round = 0; round < Kills; round++)
        {
            var loads = Enumerable.Range(0, Senders).Select(at => LoadAsync(server, $"round-{round}-{at}", 60)).ToList();
            await Task.Delay(100 + (50 * round), Cancellation);
            agent.Kill();
            // The API takes writes while there is no agent.
            await SendAsync(server, HttpMethod.Post, ConfigMaps, ConfigMap($"away-{round}"));
            await agent.StartAsync();
            await Task.WhenAll(loads);
            lost += (await LostAsync(agent)).Lost;
        }

        Assert.Equal(0, await agent.StopAsync());
        await agent.StartAsync();
        await FirstReviewAsync(agent, server, "last");
        var (missing, archived) = await MissingAsync(agent, server);

        // The API server notes for each write whether it went on without an answer.
        var unanswered = missing.Count(write => write.FailedOpen);
        var answered = missing.Count - unanswered;
        output.WriteLine($"{archived} archived; {unanswered} missing without an answer, {answered} with one; {lost} counted as lost");
        Assert.True(unanswered > 0, "No write came while there was no agent.");
        // What was in memory, and whose answer was on its way, is counted too: at most one for each sender and kill.
        Assert.InRange(lost, answered, answered + (Kills * (Senders + 1)));
    }

    [Fact]
    public async Task TheApisLatencyWithAndWithoutIsPrinted()
    {
        using var agent = new AskedAgent();
        await agent.StartAsync();
        await using var cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        var server = cluster.Server!;
        await MeasureAsync(server, "warm");

        var without = await MeasureAsync(server, "without");
        await agent.RegisterAsync(server, Cancellation);
        await FirstReviewAsync(agent, server);
        var with = await MeasureAsync(server, "with");
        await AskedAgent.UnregisterAsync(server, Cancellation);
        var again = await MeasureAsync(server, "again");

        output.WriteLine($"create a ConfigMap, p50 and p99 in ms: without {without}, with {with}, without again {again}");
    }

    static async Task LoadAsync(ClusterServer server, string name, int requests)
    {
        for (var at = 0; at < requests; at++)
            await SendAsync(server, HttpMethod.Post, ConfigMaps, ConfigMap($"{name}-{at}"));
    }

    static async Task WriteAllAsync(ClusterServer server, string name)
    {
        await SendAsync(server, HttpMethod.Post, ConfigMaps, ConfigMap(name));
        await SendAsync(server, HttpMethod.Put, $"{ConfigMaps}/{name}", ConfigMap(name, "other"));
        using var patch = new HttpRequestMessage(HttpMethod.Patch, new Uri($"{ConfigMaps}/{name}", UriKind.Relative))
        {
            Content = new StringContent("""{"data":{"patched":"yes"}}""", Encoding.UTF8, "application/merge-patch+json"),
        };
        using var patched = await server.Http.SendAsync(patch, Cancellation);
        patched.EnsureSuccessStatusCode();
        await SendAsync(server, HttpMethod.Delete, $"{ConfigMaps}/{name}", null);
        // Refused: it exists no more.
        using var refused = await server.Http.DeleteAsync(new Uri($"{ConfigMaps}/{name}", UriKind.Relative), Cancellation);
        Assert.False(refused.IsSuccessStatusCode);
    }

    static async Task SendAsync(
        ClusterServer server, HttpMethod method, string path, object? body, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var answer = await server.Http.SendAsync(request, cancellationToken == default ? Cancellation : cancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
    }

    static object ConfigMap(string name, string text = "text") =>
        new { apiVersion = "v1", kind = "ConfigMap", metadata = new { name }, data = new { text } };

    static object Pod(string name) => new
    {
        apiVersion = "v1",
        kind = "Pod",
        metadata = new { name },
        spec = new { containers = new[] { new { name = "c", image = "i" } } },
    };

    // The API server learns of the configuration a little later.
    static Task FirstReviewAsync(AskedAgent agent, ClusterServer server, string name = "first")
    {
        var tries = 0;
        return Eventually.HoldsAsync("the API server asks", async () =>
        {
            await SendAsync(server, HttpMethod.Post, ConfigMaps, ConfigMap($"{name}-{tries++}"));
            return (await StatusAsync(agent)).GetProperty("receivedEvents").GetInt64() > 0;
        }, Cancellation);
    }

    static async Task<JsonElement> StatusAsync(AskedAgent agent) =>
        (await AgentStatusPage.ReadAsync(await agent.Url)).GetProperty("sources")[0].GetProperty("receiver");

    static async Task<(long Lost, long Held)> LostAsync(AskedAgent agent)
    {
        var queue = (await StatusAsync(agent)).GetProperty("queue");
        return (queue.GetProperty("lostEvents").GetInt64(), queue.GetProperty("events").GetInt64());
    }

    // The writes that succeeded after the webhook was known, by what tells them apart.
    static async Task<List<Write>> SettledAsync(AskedAgent agent, ClusterServer server, IReadOnlyCollection<string> without)
    {
        List<Write> logged = [.. (await LoggedAsync(server)).Where(write => write.Name.StartsWith("one-", StringComparison.Ordinal))];
        List<Write> archived = [];
        await Eventually.HoldsAsync("all writes are in the archive", TimeSpan.FromSeconds(90), () =>
        {
            archived = Archived(agent);
            return Task.FromResult(logged.Count > 0 && !logged.Select(Identity).Except(archived.Select(Identity)).Except(without).Any());
        }, Cancellation);
        Assert.Equal(archived.Count, archived.Select(write => write.Id).Distinct().Count());
        var mine = archived.Where(write => write.Name.StartsWith("one-", StringComparison.Ordinal)).Select(Identity).ToList();
        Assert.Equal(logged.Select(Identity).Distinct().Order(), mine.Distinct().Order());
        foreach (var (write, times) in logged.Select(Identity).CountBy(write => write))
        {
            // The API server asks again when it tries again, as it found that its copy of the object was old.
            var archivedTimes = mine.Count(one => one == write);
            Assert.InRange(archivedTimes, times, write.StartsWith("create ", StringComparison.Ordinal) ? times : 3 * times);
        }

        return archived;
    }

    static async Task<(List<Write> Missing, int Archived)> MissingAsync(AskedAgent agent, ClusterServer server)
    {
        List<Write> archived = [];
        await Eventually.HoldsAsync("the last write is in the archive", TimeSpan.FromSeconds(90), () =>
        {
            archived = Archived(agent);
            return Task.FromResult(archived.Exists(write => write.Name.StartsWith("last-", StringComparison.Ordinal)));
        }, Cancellation);
        Assert.Equal(archived.Count, archived.Select(write => write.Id).Distinct().Count());
        var logged = (await LoggedAsync(server)).Where(IsLoad).ToList();
        var mine = archived.Where(IsLoad).Select(Identity).ToList();
        Assert.Empty(mine.Except(logged.Select(Identity)));
        Assert.Equal(mine.Count, mine.Distinct().Count());
        return ([.. logged.Where(write => !mine.Contains(Identity(write)))], mine.Count);

        static bool IsLoad(Write write) =>
            write.Name.StartsWith("round-", StringComparison.Ordinal) || write.Name.StartsWith("away-", StringComparison.Ordinal);
    }

    // A patch is an update to an admission webhook.
    static string Identity(Write write) =>
        $"{(write.Verb == "patch" ? "update" : write.Verb)} {write.Uri.Split('?')[0]} {write.Name} {write.User}";

    static List<Write> Archived(AskedAgent agent) =>
        [.. ArchivedRecords.OfFolder(agent.ArchivePath).Select(record => Write.Of(record.GetProperty("event")))];

    static async Task<List<Write>> LoggedAsync(ClusterServer server)
    {
        await using var file = new FileStream(server.AuditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(Cancellation);
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Where(logged => logged.GetProperty("stage").GetString() == "ResponseComplete"
                    && logged.GetProperty("verb").GetString() is "create" or "update" or "patch" or "delete"
                    && logged.TryGetProperty("responseStatus", out var status) && status.GetProperty("code").GetInt32() < 300)
                .Select(Write.Of),
        ];
    }

    static async Task<string> MeasureAsync(ClusterServer server, string name)
    {
        var milliseconds = new List<double>();
        for (var at = 0; at < 300; at++)
        {
            var begun = Stopwatch.GetTimestamp();
            await SendAsync(server, HttpMethod.Post, ConfigMaps, ConfigMap($"{name}-{at}"));
            milliseconds.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        milliseconds.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds[150]:0.0} and {milliseconds[297]:0.0}");
    }

    sealed record Write(string Id, string Verb, string Uri, string Name, string User, bool FailedOpen, string At)
    {
        public static Write Of(JsonElement logged) => new(
            logged.GetProperty("auditID").GetString()!, logged.GetProperty("verb").GetString()!, logged.GetProperty("requestURI").GetString()!,
            logged.TryGetProperty("objectRef", out var about) && about.TryGetProperty("name", out var name) ? name.GetString()! : "",
            logged.GetProperty("user").GetProperty("username").GetString()!,
            logged.TryGetProperty("annotations", out var notes) && notes.EnumerateObject().Any(
                note => note.Name.StartsWith("failed-open.validating.webhook.admission.k8s.io/", StringComparison.Ordinal)),
            logged.GetProperty("requestReceivedTimestamp").GetString()!);
    }
}

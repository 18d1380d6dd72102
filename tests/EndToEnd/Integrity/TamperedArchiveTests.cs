using System.Diagnostics;
using System.Globalization;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd.Integrity;

/// <summary>From an object that is deleted in a real bucket to an alert in a real Alertmanager.</summary>
[Collection(PrometheusFixture.Collection)]
[Requires(Requires.S3, Requires.Prometheus, Requires.Alertmanager)]
public sealed class TamperedArchiveTests(
    S3Fixture s3, PrometheusFixture prometheusFixture, AlertmanagerFixture alertmanagerFixture, ITestOutputHelper output) : IDisposable
{
    const string Alert = "ClusterTrailArchiveTampered";

    // A busy machine may take a minute for a round.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly AgentFolder folder = new();
    readonly HttpClient http = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ADeletedObjectRaisesAnAlert()
    {
        var server = await s3.StartedAsync();
        var (prometheus, alertmanager) = (await prometheusFixture.StartedAsync(), await alertmanagerFixture.StartedAsync());
        var bucket = await server.CreateBucketAsync(objectLock: true);
        await RecordAsync(server, bucket);
        using var logs = new ServerLogs("verifier");
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        using var verifier = Verify(server, bucket, url, logs);
        await verifier.WaitUntilReadyAsync(new Uri(url, "readyz"), Cancellation);
        await Eventually.HoldsAsync(
            "everything is verified", async () => await ValueAsync(url, "clustertrail_verified_until_timestamp_seconds") > 0, Cancellation);
        await prometheus.ReloadAsync(Scraping(url, alertmanager.Url), Cancellation);
        await Eventually.HoldsAsync(
            "Prometheus has it",
            async () => (await prometheus.QueryAsync("clustertrail_verified_until_timestamp_seconds", Cancellation)).Count > 0, Cancellation);
        Assert.DoesNotContain(await prometheus.AlertsAsync(Cancellation), alert => alert.Name == Alert);

        var deleted = (await server.Client.ListObjectsV2Async(new() { BucketName = bucket, Prefix = "events/" }, Cancellation)).S3Objects[0].Key;
        var since = Stopwatch.StartNew();
        // As an attacker would: a bucket with versions then says that there is no such object.
        await server.Client.DeleteObjectAsync(bucket, deleted, Cancellation);
        await CountedAsync(url, deleted, logs);
        var counted = since.Elapsed;
        await AlertAsync(prometheus.AlertsAsync, "firing");
        var firing = since.Elapsed;
        var alert = await AlertAsync(alertmanager.AlertsAsync, "active");

        output.WriteLine(
            $"deleted -> the verifier's metric: {Milliseconds(counted)}; -> firing: {Milliseconds(firing)}; "
                + $"-> Alertmanager: {Milliseconds(since.Elapsed)}");
        Assert.Equal(
            ("test", "main", "node-1", "MissingObject", "critical"),
            (alert.Labels["cluster"], alert.Labels["trail"], alert.Labels["node"], alert.Labels["kind"], alert.Labels["severity"]));
        Assert.EndsWith("/archive-tampered", alert.Annotations["runbook_url"], StringComparison.Ordinal);
    }

    async Task CountedAsync(Uri url, string deleted, ServerLogs logs)
    {
        try
        {
            await Eventually.HoldsAsync(
                $"the verifier counts {deleted}", Patience, async () => await ValueAsync(url, "kind=\"MissingObject\"") > 0, Cancellation);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message} {logs.Tail()}", e);
        }
    }

    // The last digest names all that was recorded.
    async Task RecordAsync(S3Server server, string bucket)
    {
        using var keys = new CredentialFiles(S3Server.AccessKeyId, S3Server.SecretAccessKey);
        using var log = new RotatingLog(folder.LogPath, seed: 1);
        using var agent = AgentProcess.Start(folder.Root, folder.Configuration with
        {
            Sink = new()
            {
                Type = SinkType.S3,
                S3 = new()
                {
                    Bucket = bucket,
                    Endpoint = server.Endpoint.ToString(),
                    PathStyle = true,
                    Credentials = new() { Type = S3CredentialsType.Static, Static = keys.Paths },
                },
            },
        });
        var page = await agent.Url;
        for (var i = 0; i < 20; i++)
            await log.WriteSomeAsync(most: 20);
        // What the last digest lists as on its way would only be a notice: it must be there before.
        await AgentStatusPage.WaitAsync(
            page,
            status => AgentStatusPage.IsDone(status) && status.GetProperty("sinks")[0].GetProperty("deliveredEvents").GetInt64()
                == status.GetProperty("sources")[0].GetProperty("selectedEvents").GetInt64(),
            Patience);
        Assert.Equal(0, await agent.StopAsync());
        using var key = SigningKey.FromPem(await File.ReadAllTextAsync(Path.Combine(folder.StatePath, "integrity", "key.pem"), Cancellation));
        await File.WriteAllTextAsync(KeysPath, key.Public.Pem, Cancellation);
    }

    string KeysPath => Path.Combine(folder.Root, "agents.pem");

    ServerProcess Verify(S3Server server, string bucket, Uri url, ServerLogs logs) => ServerProcess.Start(
        "dotnet",
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "kubectl-trail.dll"), "verify", $"s3://{bucket}", "--agent-keys", KeysPath,
            "--endpoint", server.Endpoint.ToString(), "--path-style", "--follow", "--interval", "1", "--metrics", url.Authority,
        ],
        folder.Root, logs,
        new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = S3Server.AccessKeyId,
            ["AWS_SECRET_ACCESS_KEY"] = S3Server.SecretAccessKey,
        });

    static PrometheusConfiguration Scraping(Uri verifier, Uri alertmanager) => new()
    {
        RuleFiles = [Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "rules", "clustertrail-integrity.yaml")],
        Targets = new Dictionary<string, Uri> { ["clustertrail-verifier"] = verifier },
        Alertmanager = alertmanager,
    };

    async Task<double> ValueAsync(Uri url, string part) =>
        (await http.GetStringAsync(new Uri(url, "metrics"), Cancellation)).Split('\n')
            .Where(line => !line.StartsWith('#') && line.Contains(part, StringComparison.Ordinal))
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));

    static Task<Alert> AlertAsync(Func<CancellationToken, Task<IReadOnlyList<Alert>>> alerts, string state) => Eventually.IsThereAsync(
        $"{Alert} that is {state}",
        async () => (await alerts(Cancellation)).FirstOrDefault(alert => alert.State == state && alert.Name == Alert), Cancellation);

    static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms");
}

using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Benchmarks;

/// <summary>An agent that API servers send their events to: how soon it answers, through an outage of the sink, and how many it takes.</summary>
static class WebhookBenchmark
{
    const int BatchEvents = 400;
    const int BatchesPerSecond = 10;
    const int WarmUp = 50;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int seconds)
    {
        using var folder = new AgentFolder();
        using var authority = new CertificateAuthority();
        var port = FreePort.Next();
        using var agent = AgentProcess.Start(folder.Root, Configure(folder, authority, port));
        using var page = new MetricsPage(await agent.Url);
        using var client = Client(authority);
        var load = new Load(client, new($"https://127.0.0.1:{port}/audit"), Bodies());
        Directory.CreateDirectory(folder.ArchivePath);

        await load.SendAsync(WarmUp, TimeSpan.Zero);
        load.Answers.Clear();
        var early = CpuTime.Megabytes(agent.Id, "VmRSS");
        var steady = load.SendAsync(seconds * BatchesPerSecond, TimeSpan.FromSeconds(1.0 / BatchesPerSecond));
        await Task.Delay(TimeSpan.FromSeconds(seconds / 3.0));
        await WithoutSinkAsync(folder.ArchivePath, TimeSpan.FromSeconds(seconds / 3.0));
        await steady;
        var late = CpuTime.Megabytes(agent.Id, "VmRSS");
        var report = new Report();
        Report.Figure("webhook.rate", BatchEvents * BatchesPerSecond, "events/s");
        Report.Figure("webhook.answer_p50_ms", load.Percentile(0.5), "ms");
        report.AtMost("webhook.answer_p99_ms", load.Percentile(0.99), "ms", 50);
        Report.Figure("webhook.answer_max_ms", load.Percentile(1), "ms");
        Report.Figure("webhook.memory_early", early, "MB");
        report.AtMost("webhook.memory_growth", late / early, "ratio", 1.5);

        var (sent, begun) = (load.Events, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => load.SendForAsync(Longest)));
        Report.Figure("webhook.largest_rate", (load.Events - sent) / Stopwatch.GetElapsedTime(begun).TotalSeconds, "events/s");
        report.AtMost("webhook.lost", load.Events - await DeliveredAsync(page, load.Events), "events", 0);
        Report.Figure("webhook.cpu_microseconds_per_event", CpuTime.OfProcess(agent.Id) / load.Events * 1e6, "us");
        Report.Figure("webhook.peak_memory", CpuTime.Megabytes(agent.Id, "VmHWM"), "MB");
        return report.AllWithinLimits ? 0 : 1;
    }

    static AgentConfiguration Configure(AgentFolder folder, CertificateAuthority authority, int port)
    {
        var (certificate, key) = authority.IssueToServer();
        var paths = new[] { "tls.pem", "tls.key", "ca.pem" }.Select(name => Path.Combine(folder.Root, name)).ToList();
        File.WriteAllText(paths[0], certificate);
        File.WriteAllText(paths[1], key);
        File.WriteAllText(paths[2], authority.Pem);
        return AgentRun.Sealed(folder) with
        {
            Selectors = null,
            Sources =
            [
                new()
                {
                    Name = "apiserver",
                    Type = SourceType.Webhook,
                    Webhook = new()
                    {
                        Listen = $"127.0.0.1:{port}",
                        CertificatePath = paths[0],
                        PrivateKeyPath = paths[1],
                        ClientCaPath = paths[2],
                    },
                },
            ],
        };
    }

    static HttpClient Client(CertificateAuthority authority)
    {
        var (certificate, key) = authority.IssueToUser("kube-apiserver");
        var shown = X509CertificateLoader.LoadPkcs12(X509Certificate2.CreateFromPem(certificate, key).Export(X509ContentType.Pkcs12), null);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, server, _, _) => authority.Issued((X509Certificate2)server!);
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        return new(handler) { DefaultRequestVersion = HttpVersion.Version20 };
    }

    // The lines of the real log, as many a batch as an API server sends.
    static List<string> Bodies()
    {
        var lines = AuditLog.Lines();
        return [.. Enumerable.Range(0, 20).Select(at => string.Join(',', Enumerable.Range(at * (BatchEvents - 1), BatchEvents - 1)
            .Select(line => Encoding.UTF8.GetString(lines[line % lines.Count].Span[..^1]))))];
    }

    static async Task WithoutSinkAsync(string archive, TimeSpan time)
    {
        Directory.Move(archive, $"{archive}.away");
        await File.WriteAllTextAsync(archive, "");
        await Task.Delay(time);
        File.Delete(archive);
        Directory.Move($"{archive}.away", archive);
    }

    static async Task<double> DeliveredAsync(MetricsPage page, long sent)
    {
        var delivered = 0.0;
        for (var wait = 0; wait < 180 && delivered < sent; wait++)
        {
            await Task.Delay(1000);
            var values = await page.ReadAsync();
            delivered = values["clustertrail_delivered_events_total"] - values["clustertrail_insight_records_total"];
        }

        return delivered;
    }

    /// <summary>Batches that are sent, each another one.</summary>
    sealed class Load(HttpClient client, Uri url, List<string> bodies)
    {
        int number;
        long events;

        public List<double> Answers { get; } = [];

        public long Events => Interlocked.Read(ref events);

        public double Percentile(double share)
        {
            var sorted = Answers.Order().ToList();
            return sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
        }

        /// <summary>At this pace, whether or not the ones before are answered: each counts from when it was due.</summary>
        public async Task SendAsync(int batches, TimeSpan pace)
        {
            var (begun, sending) = (Stopwatch.GetTimestamp(), new List<Task>());
            for (var at = 0; at < batches; at++)
            {
                var due = pace * at;
                var early = due - Stopwatch.GetElapsedTime(begun);
                if (early > TimeSpan.Zero)
                    await Task.Delay(early);
                var one = SendOneAsync(() => (Stopwatch.GetElapsedTime(begun) - due).TotalMilliseconds);
                if (pace == TimeSpan.Zero)
                    await one;
                sending.Add(one);
            }

            await Task.WhenAll(sending);
        }

        public async Task SendForAsync(TimeSpan time)
        {
            for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < time;)
                await SendOneAsync(() => 0);
        }

        async Task SendOneAsync(Func<double> after)
        {
            var at = Interlocked.Increment(ref number);
            using var content = new StringContent(
                $"{{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{{}},\"items\":[{{\"level\":\"Metadata\",\"auditID\":\"{at}\","
                    + "\"stage\":\"ResponseComplete\",\"requestURI\":\"/version\",\"verb\":\"get\",\"user\":{\"username\":\"ann\"},"
                    + $"\"stageTimestamp\":\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.ffffffZ}\"}},{bodies[at % bodies.Count]}]}}",
                Encoding.UTF8, "application/json");
            HttpStatusCode status;
            do
            {
                using var answer = await client.PostAsync(url, content);
                status = answer.StatusCode;
                if (status == HttpStatusCode.TooManyRequests)
                    await Task.Delay(answer.Headers.RetryAfter!.Delta!.Value);
            }
            while (status == HttpStatusCode.TooManyRequests);
            if (status != HttpStatusCode.OK)
                throw new InvalidOperationException($"The agent answered {status}.");
            Interlocked.Add(ref events, BatchEvents);
            lock (Answers)
                Answers.Add(after());
        }
    }
}

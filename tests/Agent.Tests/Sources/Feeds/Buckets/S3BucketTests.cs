using System.IO.Compression;
using System.Text;
using Amazon.S3.Model;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Agent.Tests.Sinks.S3;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class S3BucketTests(S3Fixture s3) : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly AgentMetrics metrics = new(BuildInfo.Current);

    public void Dispose()
    {
        metrics.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ObjectsThatArriveWhileItRunsAndAcrossARestartAreRecordedOnce()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        await PutAsync(bucket, "eks/2026/11/27/02/one", Firehose("1", "2"));
        await PutAsync(bucket, "other/3", Firehose("other"));
        List<string> recorded = [];
        await RunAsync(bucket, recorded, async (read, status) =>
        {
            await read(2);
            await PutAsync(bucket, "eks/2026/11/27/03/two", Firehose("3"));
            await PutAsync(bucket, "eks/2026/11/27/03/damaged", Firehose("4")[..^9]);
            await read(3);
            await HoldsAsync(() => status().FailingObjects == 1);
            Assert.Contains("eks/2026/11/27/03/damaged: It is damaged", status().FirstFailing);
            // What is in the journal is counted when the journal has answered.
            await HoldsAsync(() => status().ReadEvents == 3);
        });

        await PutAsync(bucket, "eks/2026/11/27/03/damaged", Firehose("4"));
        await PutAsync(bucket, "eks/2026/11/26/late", Firehose("5"));
        await RunAsync(bucket, recorded, async (read, status) =>
        {
            await read(5);
            await HoldsAsync(() => status().FailingObjects == 0);
        });

        Assert.Equal(["1", "2", "3", "4", "5"], BucketWorld.Ids(recorded).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WrongCredentialsAreReportedWithWhatToDo()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        bucket.Credentials.Replace("nobody", "nothing");

        await RunAsync(bucket, [], async (_, status) =>
        {
            await HoldsAsync(() => status().LastError is not null);
            Assert.Contains("Grant the credentials s3:ListBucket", status().LastError);
        });
    }

    static Task HoldsAsync(Func<bool> holds) =>
        Eventually.HoldsAsync("the bucket is read", () => Task.FromResult(holds()), TestContext.Current.CancellationToken);

    // As Firehose stores what CloudWatch sends: one member for each record.
    static byte[] Firehose(params string[] ids)
    {
        using var stored = new MemoryStream();
        foreach (var id in ids)
        {
            using var gzip = new GZipStream(stored, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(FeedTextsOf.Envelope([FeedTextsOf.Event(id)])));
        }

        return stored.ToArray();
    }

    static async Task PutAsync(TestBucket bucket, string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await bucket.Server.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = key, InputStream = stream });
    }

    async Task RunAsync(TestBucket bucket, List<string> recorded, Func<Func<int, Task>, Func<FeedStatus>, Task> act)
    {
        var context = new SourceContext("eks", new(), metrics.DeclareSource("eks"), TimeProvider.System, NullLoggerFactory.Instance);
        var configuration = new BucketSourceConfiguration
        {
            Bucket = bucket.Name,
            Prefix = "eks/",
            Endpoint = bucket.Configuration.Endpoint,
            PathStyle = true,
            Credentials = bucket.Configuration.Credentials,
            Format = FeedFormat.EksCloudWatch,
            PollIntervalSeconds = 1,
        };
        using var stop = new CancellationTokenSource();
        var state = (folder.Join("journal"), (Action)(() => { }));
        using var followed = new BucketSource(context, configuration, state, () => true, metrics.Gauges.Feeds);
        var progress = Progress;
        using var source = followed.Feed.Open(progress, new(_ => Assert.Fail("a gap"), _ => { }, _ => { }));
        source.Begin();
        var running = followed.RunAsync(stop.Token);
        await act(many => HoldsAsync(() => ReadOn() >= many), () => followed.Status);
        ReadOn();
        Progress = source.TakeProgress();
        await stop.CancelAsync();
        await running;

        int ReadOn()
        {
            while (source.TryRead(out var line))
                recorded.Add(Encoding.UTF8.GetString(line.Text));
            return recorded.Count;
        }
    }

    SourceProgress? Progress { get; set; }
}

using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Hubs;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

/// <summary>The whole source with the real client library, and a stand-in of the service.</summary>
public sealed class EventHubsSourceTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly EventHubServer server = new(3);
    readonly Dictionary<string, (List<string> Lines, SourceProgress? Progress)> recorded = [];
    readonly AgentMetrics metrics = new(BuildInfo.Current);

    public EventHubsSourceTests()
    {
        File.WriteAllText(folder.Join("ca.pem"), server.AuthorityPem);
        File.WriteAllText(folder.Join("connection"), server.ConnectionString);
    }

    static CancellationToken Stopping => TestContext.Current.CancellationToken;

    EventHubsSourceConfiguration Configuration => new()
    {
        Namespace = "localhost",
        EventHub = EventHubServer.Hub,
        ConnectionStringPath = folder.Join("connection"),
        Endpoint = server.Endpoint,
        CaPath = folder.Join("ca.pem"),
        TimeoutSeconds = 10,
    };

    static Task HoldsAsync(Func<bool> holds) => Eventually.HoldsAsync("the hub is read", () => Task.FromResult(holds()), Stopping);

    static byte[] Message(params string[] ids) => Encoding.UTF8.GetBytes(HubWorld.Events(ids));

    [Fact]
    public async Task WhatIsSentIsRecordedOnceThoughConnectionsAreCutAndTheAgentStartsAgain()
    {
        List<string> sent = [];
        for (var round = 0; round < 3; round++)
        {
            await using var running = new Running(this, "a");
            for (var at = 0; at < 10; at++)
            {
                string[] ids = [$"{round}-{at}-x", $"{round}-{at}-y"];
                sent.AddRange(ids);
                server.Send($"{at % 3}", Message(ids));
                if (at == 5)
                {
                    await HoldsAsync(() => running.Ids.Count > 0 || round > 0);
                    server.Cut();
                }
            }

            await HoldsAsync(() => running.Ids.Count >= sent.Count);
            Assert.Equal(sent.Order(), running.Ids.Order());
            Assert.Equal(3, running.Source.Status.Partitions);
        }
    }

    [Fact]
    public async Task WhoStartsLaterTakesOverAndTheOtherReportsIt()
    {
        server.Send("0", Message("a"));
        await using var first = new Running(this, "a");
        await HoldsAsync(() => first.Ids.Count == 1);
        await using var second = new Running(this, "b");

        await HoldsAsync(() => second.Ids.Count == 1);
        await HoldsAsync(() => first.Source.Status.LastError is not null);
        server.Send("1", Message("b"));
        await HoldsAsync(() => second.Ids.Count == 2);

        Assert.Contains("has another reader", first.Source.Status.LastError);
        Assert.Equal(["a"], first.Ids);
        await second.DisposeAsync();
        await HoldsAsync(() => first.Ids.Count == 2);
    }

    [Fact]
    public async Task ARejectedKeyIsReportedAndANewOneUsed()
    {
        File.WriteAllText(folder.Join("connection"), server.ConnectionString.Replace(server.Key, "b3RoZXI="));
        server.Send("0", Message("a"));
        await using var running = new Running(this, "a");

        await HoldsAsync(() => running.Source.Status.LastError is not null);
        Assert.Contains("rejects the connection string", running.Source.Status.LastError);
        Assert.Equal(running.Source.Status.LastError, running.Problem);
        File.WriteAllText(folder.Join("connection"), server.ConnectionString);

        await HoldsAsync(() => running.Ids.Count == 1);
        Assert.Null(running.Source.Status.LastError);
    }

    [Fact]
    public async Task OtherCategoriesAndCutEventsAreCounted()
    {
        server.Send("0", Message("a"), Encoding.UTF8.GetBytes(AksRecordsTests.Records(["guard"], "guard")));
        server.Send("1", Encoding.UTF8.GetBytes(AksRecordsTests.Records([FeedTextsOf.Event("cut")[..^30]])));
        await using var running = new Running(this, "a");

        await HoldsAsync(() => running.Source.Status is { ReadObjects: 3 });

        var status = running.Source.Status;
        Assert.Equal((2, 1, 1, 0), (status.ReadEvents, status.CutEvents, status.OtherEntries, status.UnreadableParts));
        Assert.NotNull(status.NewestReadAt);
    }

    [Fact]
    public void ACheckNamesAConnectionStringThatCannotBeUsed()
    {
        File.WriteAllText(folder.Join("connection"), "nothing");

        var problem = Assert.Throws<ConfigurationException>(
            () => EventHubsSource.Check("aks", Configuration, TimeProvider.System, NullLogger.Instance));

        Assert.StartsWith($"sources: aks: The connection string {folder.Join("connection")} is not a connection string", problem.Message);
    }

    public void Dispose()
    {
        server.Dispose();
        metrics.Dispose();
        folder.Dispose();
    }

    /// <summary>A source that runs, and a pipeline that reads it.</summary>
    sealed class Running : IAsyncDisposable
    {
        readonly CancellationTokenSource stop = new();
        readonly string path;
        readonly ISource pipeline;
        readonly List<string> lines;
        readonly Task running;
        readonly EventHubsSourceTests tests;
        bool isDisposed;

        public Running(EventHubsSourceTests tests, string name)
        {
            (this.tests, path) = (tests, tests.folder.Join(name));
            lines = tests.recorded.TryGetValue(name, out var before) ? before.Lines : [];
            var context = new SourceContext(
                name, new(), tests.metrics.DeclareSource(name), TimeProvider.System, NullLoggerFactory.Instance);
            Source = new(context, tests.Configuration, (path, () => { }), () => true, tests.metrics.Gauges.Feeds);
            pipeline = Source.Feed.Open(before.Progress, new(_ => Assert.Fail("a gap"), _ => { }, _ => { }));
            pipeline.Begin();
            running = Source.RunAsync(stop.Token);
            Name = name;
        }

        public string Name { get; }

        public EventHubsSource Source { get; }

        public string? Problem => pipeline.View.Missing;

        public IReadOnlyList<string> Ids
        {
            get
            {
                while (pipeline.TryRead(out var line))
                    lines.Add(Encoding.UTF8.GetString(line.Text));
                return [.. Buckets.BucketWorld.Ids(lines)];
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (isDisposed)
                return;
            isDisposed = true;
            await stop.CancelAsync();
            await running;
            _ = Ids;
            tests.recorded[Name] = (lines, pipeline.TakeProgress());
            pipeline.Dispose();
            Source.Dispose();
            stop.Dispose();
        }
    }
}

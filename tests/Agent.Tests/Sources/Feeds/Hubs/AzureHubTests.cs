using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Hubs;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Hubs;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

/// <summary>The real client library, with a stand-in of the service.</summary>
public sealed class AzureHubTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly EventHubServer server = new();
    readonly EventHubsSourceConfiguration configuration;

    public AzureHubTests()
    {
        File.WriteAllText(folder.Join("ca.pem"), server.AuthorityPem);
        File.WriteAllText(folder.Join("connection"), $"{server.ConnectionString}\n");
        configuration = new()
        {
            Namespace = "localhost",
            EventHub = EventHubServer.Hub,
            ConnectionStringPath = folder.Join("connection"),
            Endpoint = server.Endpoint,
            CaPath = folder.Join("ca.pem"),
            TimeoutSeconds = 10,
        };
    }

    static CancellationToken Stopping => TestContext.Current.CancellationToken;

    AzureHub Hub(EventHubsSourceConfiguration? other = null) => new(
        other ?? configuration,
        new(new("eventHubs.endpoint", "eventHubs.caPath", (other ?? configuration).CaPath), TimeProvider.System, NullLogger.Instance));

    static byte[] Body(string text) => Encoding.UTF8.GetBytes(text);

    static async Task<List<HubMessage>> ReceiveAsync(IPartition partition, int count)
    {
        List<HubMessage> all = [];
        for (var tries = 0; all.Count < count && tries < 20; tries++)
            all.AddRange(await partition.ReceiveAsync(10, Stopping));
        return all;
    }

    static List<string> Texts(IEnumerable<HubMessage> messages) => [.. messages.Select(one => Encoding.UTF8.GetString(one.Body.Span))];

    [Fact]
    public async Task AHubSaysWhatItHolds()
    {
        server.Send("1", Body("a"), Body("b"), Body("c"));
        server.Expire("1", 1);
        var hub = Hub();

        var found = await hub.DescribeAsync(Stopping);
        var ends = await hub.EndsAsync("1", Stopping);
        var empty = await hub.EndsAsync("0", Stopping);
        await hub.CloseAsync();

        Assert.Equal(["0", "1"], found.Partitions);
        Assert.Equal(server.CreatedAt, found.CreatedAt.UtcDateTime, TimeSpan.FromSeconds(1));
        Assert.Equal((1, 2, false), (ends.First, ends.Last, ends.IsEmpty));
        Assert.Equal((-1, true), (empty.Last, empty.IsEmpty));
        Assert.True(ends.LastAt > found.CreatedAt);
    }

    [Fact]
    public async Task APartitionIsReadFromItsBeginningOrBehindANumber()
    {
        server.Send("0", Enumerable.Range(0, 25).Select(at => Body($"{at}")));
        var hub = Hub();

        var all = await ReceiveAsync(hub.Open("0", -1, 1), 25);
        var rest = await ReceiveAsync(hub.Open("0", 21, 1), 3);
        await hub.CloseAsync();

        Assert.Equal(Enumerable.Range(0, 25).Select(at => $"{at}"), Texts(all));
        Assert.Equal(Enumerable.Range(0, 25).Select(at => (long)at), all.Select(one => one.Sequence));
        Assert.Equal(["22", "23", "24"], Texts(rest));
    }

    [Fact]
    public async Task NoMoreIsFetchedThanIsAskedFor()
    {
        var hub = Hub();
        var partition = hub.Open("0", -1, 1);
        for (var idle = 0; idle < 3; idle++)
            Assert.Empty(await partition.ReceiveAsync(4, Stopping));
        server.Send("0", Enumerable.Range(0, 25).Select(at => Body($"{at}")));

        Assert.InRange((await partition.ReceiveAsync(3, Stopping)).Count, 1, 3);
        await hub.CloseAsync();

        Assert.InRange(server.Sent("0"), 1, 8);
    }

    [Fact]
    public async Task WhoOpensLaterTakesAPartitionUnlessTheOtherHasAHigherLevel()
    {
        server.Send("0", Body("a"));
        var (older, newer) = (Hub(), Hub());
        var first = older.Open("0", -1, 1);
        await ReceiveAsync(first, 1);

        Assert.Equal(["a"], Texts(await ReceiveAsync(newer.Open("0", -1, 1), 1)));
        var lost = await Assert.ThrowsAsync<FeedException>(() => ReceiveAsync(first, 1));
        await older.CloseAsync();
        var waits = await Assert.ThrowsAsync<FeedException>(() => ReceiveAsync(older.Open("0", -1, 0), 1));
        await older.CloseAsync();
        await newer.CloseAsync();
        var free = Texts(await ReceiveAsync(older.Open("0", -1, 0), 1));
        await older.CloseAsync();

        Assert.Equal((FeedFailure.TakenOver, FeedFailure.TakenOver), (lost.Failure, waits.Failure));
        Assert.Equal(
            "The event hub localhost/kube-audit has another reader with the consumer group $Default. The agent waits until that ends. Give "
                + "each agent, and each other program, a consumer group of its own.",
            waits.Message);
        Assert.Equal(["a"], free);
    }

    [Fact]
    public async Task AConnectionThatIsCutIsMadeAgain()
    {
        server.Send("0", Enumerable.Range(0, 10).Select(at => Body($"{at}")));
        server.CutsAfter = 3;
        var hub = Hub();
        List<string> all = [];
        var after = -1L;
        for (var tries = 0; tries < 10 && all.Count < 10; tries++)
        {
            try
            {
                var partition = hub.Open("0", after, 1);
                while (await partition.ReceiveAsync(2, Stopping) is [.., var last] messages)
                {
                    all.AddRange(Texts(messages));
                    after = last.Sequence;
                }
            }
            catch (FeedException)
            {
                await hub.CloseAsync();
            }
        }

        await hub.CloseAsync();
        Assert.Equal(Enumerable.Range(0, 10).Select(at => $"{at}"), all);
        Assert.True(server.Opened > 1);
    }

    [Fact]
    public async Task AKeyThatIsRejectedIsReadAgainFromItsFile()
    {
        var hub = Hub();
        var old = server.Key;
        server.Key = Convert.ToBase64String(Encoding.UTF8.GetBytes("another key of 32 bytes, or more"));

        var rejected = await Assert.ThrowsAsync<FeedException>(() => hub.DescribeAsync(Stopping));
        await hub.CloseAsync();
        File.WriteAllText(folder.Join("connection"), server.ConnectionString);
        var found = await hub.DescribeAsync(Stopping);
        await hub.CloseAsync();

        Assert.StartsWith("The event hub localhost/kube-audit rejects the connection string: ", rejected.Message);
        Assert.DoesNotContain(old, rejected.ToString());
        Assert.Equal(2, found.Partitions.Count);
    }

    [Fact]
    public async Task AKeyThatIsRevokedWhileItIsUsedIsRejectedWhenAPartitionIsOpened()
    {
        var hub = Hub();
        await hub.DescribeAsync(Stopping);
        server.RejectsTokens = true;

        var rejected = await Assert.ThrowsAsync<FeedException>(() => ReceiveAsync(hub.Open("0", -1, 1), 1));
        await hub.CloseAsync();

        Assert.StartsWith("The event hub localhost/kube-audit rejects the connection string: ", rejected.Message);
    }

    [Fact]
    public async Task AServerThatIsNotTrustedGetsNoToken()
    {
        var hub = Hub(configuration with { CaPath = null });

        var refused = await Assert.ThrowsAsync<FeedException>(() => hub.DescribeAsync(Stopping));
        await hub.CloseAsync();

        Assert.StartsWith("The event hub localhost/kube-audit is not trusted: ", refused.Message);
        Assert.Equal(0, server.Tokens);
    }

    [Fact]
    public async Task AHubThatDoesNotExistIsNamed()
    {
        var connection = server.ConnectionString.Replace(";EntityPath=kube-audit", "");
        File.WriteAllText(folder.Join("connection"), connection);
        var hub = Hub(configuration with { EventHub = "other" });

        var missing = await Assert.ThrowsAsync<FeedException>(() => hub.DescribeAsync(Stopping));
        await hub.CloseAsync();

        Assert.StartsWith(
            "The event hub localhost/other, or its consumer group $Default, does not exist: The messaging entity 'other' could not be",
            missing.Message);
    }

    [Fact]
    public async Task AServerThatIsNotThereIsNamed()
    {
        var hub = Hub(configuration with { Endpoint = $"sb://127.0.0.1:{FreePort.Next()}" });

        var missing = await Assert.ThrowsAsync<FeedException>(() => hub.DescribeAsync(Stopping));
        await hub.CloseAsync();

        Assert.StartsWith("The event hub localhost/kube-audit cannot be reached: Connection refused", missing.Message);
    }

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }
}

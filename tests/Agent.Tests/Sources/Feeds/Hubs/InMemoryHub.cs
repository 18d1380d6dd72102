using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Hubs;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

/// <summary>An event hub that fails as it is told; several readers may have it, of which one has each partition.</summary>
sealed class InMemoryHub(TimeProvider time)
{
    readonly SortedDictionary<string, Stored> partitions = new(StringComparer.Ordinal);

    /// <summary>How many messages are given at once.</summary>
    public int MostAtOnce { get; set; } = 100;

    /// <summary>Called before each answer; it may throw.</summary>
    public Action Before { get; set; } = () => { };

    public DateTimeOffset CreatedAt { get; private set; } = time.GetUtcNow().AddDays(-1);

    /// <summary>As many messages the client receives and loses.</summary>
    public int Skips { get; set; }

    /// <summary>Called with how many messages are asked for at once.</summary>
    public Action<int> Asked { get; set; } = _ => { };

    public IEventHub Connect() => new Client(this);

    public void AddPartition(string id) => partitions[id] = new();

    public void RemovePartition(string id) => partitions.Remove(id);

    public long Send(string partition, string body)
    {
        var held = partitions[partition];
        held.Messages.Add(new(held.Next, time.GetUtcNow(), Encoding.UTF8.GetBytes(body)));
        return held.Next++;
    }

    /// <summary>The number that the next message gets.</summary>
    public long Next(string partition) => partitions[partition].Next;

    public void Expire(string partition, long before) => partitions[partition].Messages.RemoveAll(one => one.Sequence < before);

    /// <summary>Numbers of messages that are there.</summary>
    public IReadOnlyList<long> Held(string partition) => [.. partitions[partition].Messages.Select(one => one.Sequence)];

    public void Replace()
    {
        CreatedAt = time.GetUtcNow();
        foreach (var id in partitions.Keys.ToList())
            partitions[id] = new();
    }

    sealed class Stored
    {
        public List<HubMessage> Messages { get; } = [];

        public long Next { get; set; }

        public (Client By, int Level)? Owner { get; set; }
    }

    sealed class Client(InMemoryHub hub) : IEventHub
    {
        readonly List<Partition> open = [];

        public Task<HubDescription> DescribeAsync(CancellationToken cancellationToken)
        {
            hub.Before();
            return Task.FromResult(new HubDescription(hub.CreatedAt, [.. hub.partitions.Keys]));
        }

        public Task<PartitionEnds> EndsAsync(string partition, CancellationToken cancellationToken)
        {
            hub.Before();
            var held = hub.partitions[partition];
            return Task.FromResult(new PartitionEnds(
                held.Messages is [var first, ..] ? first.Sequence : held.Next, held.Next - 1,
                held.Messages is [.., var last] ? last.At : default, held.Messages.Count == 0));
        }

        // Whether it may is found out by the first message that is asked for.
        public IPartition Open(string partition, long after, int level)
        {
            open.Add(new(hub, this, hub.partitions[partition], after, level));
            return open[^1];
        }

        public Task CloseAsync()
        {
            foreach (var held in hub.partitions.Values.Where(one => one.Owner?.By == this))
                held.Owner = null;
            open.Clear();
            return Task.CompletedTask;
        }
    }

    sealed class Partition(InMemoryHub hub, Client client, Stored held, long after, int level) : IPartition
    {
        long position = after;
        bool attached;

        public Task<IReadOnlyList<HubMessage>> ReceiveAsync(int most, CancellationToken cancellationToken)
        {
            hub.Before();
            hub.Asked(most);
            if (!hub.partitions.ContainsValue(held))
                throw new FeedException(FeedFailure.Store, "The partition is gone.");
            if (!attached && (held.Owner is not { } other || other.By == client || other.Level <= level))
                (attached, held.Owner) = (true, (client, level));
            if (held.Owner?.By != client)
                throw new FeedException(FeedFailure.TakenOver, "Another reader has it.");
            var found = held.Messages.Where(one => one.Sequence > position).Skip(hub.Skips)
                .Take(Math.Min(most, hub.MostAtOnce)).ToList();
            hub.Skips = 0;
            position = found is [.., var last] ? last.Sequence : position;
            return Task.FromResult<IReadOnlyList<HubMessage>>(found);
        }
    }
}

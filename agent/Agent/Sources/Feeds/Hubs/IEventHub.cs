namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>An event hub, which is read from here.</summary>
interface IEventHub
{
    /// <summary>Connects if that is needed, and asks for the names of all partitions.</summary>
    /// <exception cref="FeedException">The hub does not answer as it should.</exception>
    Task<HubDescription> DescribeAsync(CancellationToken cancellationToken);

    /// <exception cref="FeedException">The hub does not answer as it should.</exception>
    Task<PartitionEnds> EndsAsync(string partition, CancellationToken cancellationToken);

    /// <summary>Begins to read a partition.</summary>
    /// <param name="after">Only messages behind this number; -1 means all that the hub holds.</param>
    /// <param name="level">
    /// Reading ends what others read with the same level or a lower one, and is refused if one has a higher one.
    /// </param>
    IPartition Open(string partition, long after, int level);

    /// <summary>Ends the connection and all reading. The next call connects again.</summary>
    Task CloseAsync();
}

/// <summary>A partition that is being read.</summary>
interface IPartition
{
    /// <summary>Waits a moment for messages, in the order of their numbers. There may be none.</summary>
    /// <exception cref="FeedException">The hub does not answer as it should, or another reader took the partition over.</exception>
    Task<IReadOnlyList<HubMessage>> ReceiveAsync(int most, CancellationToken cancellationToken);
}

/// <summary>What a hub says of itself.</summary>
sealed record HubDescription(DateTimeOffset CreatedAt, IReadOnlyList<string> Partitions);

/// <summary>What a partition holds.</summary>
/// <param name="First">The number of the oldest message.</param>
/// <param name="Last">That of the newest one that was ever written; less than 0 if there was none.</param>
/// <param name="LastAt">When the hub took that one.</param>
/// <param name="IsEmpty">Whether it holds none.</param>
sealed record PartitionEnds(long First, long Last, DateTimeOffset LastAt, bool IsEmpty);

namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>Knows how far each partition of a hub is read, and what was missed. For all threads.</summary>
/// <param name="startsNow">Whether messages that were there at the first start are not wanted.</param>
sealed class HubLedger(HubProgress progress, bool startsNow)
{
    readonly Lock gate = new();
    readonly SortedDictionary<string, PartitionProgress> partitions = new(
        progress.Partitions.ToDictionary(one => one.Id), StringComparer.Ordinal);
    bool isKnown = progress.IsKnown;
    long missed = progress.Missed;

    public HubProgress Progress
    {
        get
        {
            lock (gate)
                return new() { Of = progress.Of, IsKnown = isKnown, Missed = missed, Partitions = [.. partitions.Values] };
        }
    }

    public long Missed
    {
        get
        {
            lock (gate)
                return missed;
        }
    }

    public IReadOnlyList<string> Partitions
    {
        get
        {
            lock (gate)
                return [.. partitions.Keys];
        }
    }

    /// <summary>The number of the last message that was read; -1 if none was.</summary>
    public long After(string partition)
    {
        lock (gate)
            return partitions[partition].Sequence;
    }

    /// <summary>Compares what is known of a partition with what the hub says, before it is read.</summary>
    public PartitionFinding Examine(string partition, HubDescription hub, PartitionEnds ends)
    {
        lock (gate)
        {
            var next = ends.IsEmpty ? ends.Last + 1 : ends.First;
            var known = partitions.GetValueOrDefault(partition);
            // A hub of the same name that was made later counts anew.
            var isReplaced = known is not null && (hub.CreatedAt > known.At || (known.Sequence > ends.Last && ends.LastAt > known.At));
            if (known is not null && !isReplaced)
                return new(false, Skip(partition, next));
            partitions[partition] = startsNow && !isKnown
                ? new(partition, ends.Last, ends.LastAt > hub.CreatedAt ? ends.LastAt : hub.CreatedAt)
                : new(partition, next - 1, hub.CreatedAt);
            return new(isReplaced, 0);
        }
    }

    /// <summary>All partitions were examined once.</summary>
    public void Examined()
    {
        lock (gate)
            isKnown = true;
    }

    /// <summary>Notes which message comes next.</summary>
    /// <returns>How many before it were missed.</returns>
    public long Next(string partition, long sequence)
    {
        lock (gate)
            return Skip(partition, sequence);
    }

    /// <summary>Notes that a message is in the journal.</summary>
    public void Stored(string partition, HubMessage message)
    {
        lock (gate)
            partitions[partition] = new(partition, message.Sequence, message.At);
    }

    long Skip(string partition, long next)
    {
        var known = partitions[partition];
        var gap = Math.Max(0, next - known.Sequence - 1);
        missed += gap;
        if (gap > 0)
            partitions[partition] = known with { Sequence = next - 1 };
        return gap;
    }
}

/// <summary>What became of a partition since it was read.</summary>
/// <param name="IsReplaced">Whether it is one of another hub of the same name.</param>
/// <param name="Missed">How many messages were removed that were not read.</param>
readonly record struct PartitionFinding(bool IsReplaced, long Missed);

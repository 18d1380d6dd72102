namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>A partition that is read into the journal.</summary>
sealed class FollowedPartition(string id, IPartition partition, MessageReader reader, HubLedger ledger, IFeedLog log, TimeProvider time)
{
    /// <summary>As many messages are asked for at once, if they are small.</summary>
    public const int MostMessages = 32;

    // As far as the last messages tell.
    const int BytesAtOnce = 4 << 20;
    const int FirstMessages = 4;

    static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(2);

    bool hasMessages;

    public string Id => id;

    /// <summary>
    /// Whether a message is missing that the hub may still hold. It counts as removed only when it is missing after the partition was
    /// opened again, too.
    /// </summary>
    public bool IsDoubtful { get; private set; }

    /// <summary>Reads what is new, for a few seconds at most.</summary>
    /// <returns>Why reading ended before that.</returns>
    public async Task<FeedException?> TryDrainAsync(CancellationToken cancellationToken)
    {
        var (begun, most) = (time.GetTimestamp(), FirstMessages);
        try
        {
            do
            {
                var messages = await partition.ReceiveAsync(most, cancellationToken);
                log.Answered();
                if (messages.Count == 0)
                    break;
                foreach (var message in messages.TakeWhile(one => !IsOutOfOrder(one)))
                    await TakeAsync(message, cancellationToken);
                most = Math.Clamp(BytesAtOnce / Math.Max(1, messages.Max(one => one.Body.Length)), 1, Math.Min(2 * most, MostMessages));
            }
            while (!IsDoubtful && time.GetElapsedTime(begun) < LongestTurn);
            return null;
        }
        catch (FeedException e)
        {
            return e;
        }
    }

    bool IsOutOfOrder(HubMessage message)
    {
        IsDoubtful = hasMessages && message.Sequence > ledger.After(id) + 1;
        hasMessages = true;
        return IsDoubtful;
    }

    async Task TakeAsync(HubMessage message, CancellationToken cancellationToken)
    {
        if (message.Sequence <= ledger.After(id))
            return;
        if (ledger.Next(id, message.Sequence) is > 0 and var missed)
            log.Expired(id, missed);
        await reader.ReadAsync(id, message, cancellationToken);
        ledger.Stored(id, message);
        log.Read(message.At);
    }
}

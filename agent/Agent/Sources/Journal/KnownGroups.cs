namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>The groups received lately: one that comes again is not recorded again.</summary>
/// <remarks>
/// kube-apiserver sends a batch five times in four minutes at most (defaults of its webhook backend), so what is older than the window
/// cannot come again; and no sender can make it larger than its limit.
/// </remarks>
/// <param name="window">How long one may take to come again. Without an end it is the number that limits them.</param>
sealed class KnownGroups(TimeSpan window)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    /// <summary>What the agent itself reads again after a crash comes whenever it is started.</summary>
    public static readonly TimeSpan Always = TimeSpan.MaxValue;

    const int Most = 1 << 16;

    readonly Dictionary<GroupKey, DateTimeOffset> known = [];
    readonly Queue<(GroupKey Key, DateTimeOffset At)> order = new();

    public IEnumerable<(GroupKey Key, DateTimeOffset At)> All => order;

    public bool Contains(GroupKey key) => known.ContainsKey(key);

    public void Add(GroupKey key, DateTimeOffset at)
    {
        if (known.TryAdd(key, at))
        {
            order.Enqueue((key, at));
        }
    }

    /// <summary>Forgets what cannot come again.</summary>
    public void Forget(DateTimeOffset now)
    {
        while (order.TryPeek(out var oldest) && (order.Count > Most || (now - oldest.At).Duration() > window))
        {
            known.Remove(order.Dequeue().Key);
        }
    }
}

namespace ClusterTrail.Rules.Insights;

/// <summary>The keys that take a minute when it ends, and not later: they had an event in it, or are watched.</summary>
sealed class DueKeys
{
    static readonly Comparer<RateInsight> Order = Comparer<RateInsight>.Create(static (one, other) =>
        string.CompareOrdinal(NameOf(one), NameOf(other)) is var order and not 0 ? order : one.Measure.CompareTo(other.Measure));

    readonly List<RateKey> keys = [];

    public void Add(RateKey key)
    {
        if (!key.IsDue)
        {
            key.IsDue = true;
            keys.Add(key);
        }
    }

    /// <summary>Gives each the minute that is over; those that are watched are due in the next one too.</summary>
    /// <param name="before">The minutes before it that not all keys have taken.</param>
    /// <returns>Whether one is watched that was not.</returns>
    public bool Close(Minute minute, ReadOnlySpan<Minute> before, List<RateInsight> insights)
    {
        var (watched, isOneNew, found) = (0, false, insights.Count);
        for (var at = 0; at < keys.Count; at++)
        {
            var key = keys[at];
            key.Close(minute, before, insights);
            isOneNew |= key.IsNewlyWatched;
            key.IsDue = key.IsWatched;
            if (key.IsDue)
            {
                keys[watched++] = key;
            }
        }

        keys.RemoveRange(watched, keys.Count - watched);
        // In which order keys became due depends on when known calls were counted; the ids of records must not depend on that.
        insights.Sort(found, insights.Count - found, Order);
        return isOneNew;
    }

    // A user may have the name of a kind.
    static string NameOf(RateInsight insight) => $"{(insight.Subject.User is null ? "kind" : "user")} {insight.Subject}";

    /// <summary>Takes back what was counted of a minute.</summary>
    public void Discard() => keys.ForEach(static key => (key.Calls, key.Errors) = (0, 0));
}

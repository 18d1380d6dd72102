using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Kubectl.Insights;

/// <summary>The last minutes of each rate of a source, so that a stretch can be drawn with what came before it.</summary>
sealed class RecentMinutes
{
    internal const int Most = 180;

    readonly Dictionary<RateKey, Ring> rings = new(ReferenceEqualityComparer.Instance);

    internal void Note(RateKey key, Minute minute)
    {
        if (!rings.TryGetValue(key, out var ring) || !ReferenceEquals(ring.Name, key.Name))
            rings[key] = ring = new(key.Name, key.Subject());
        foreach (var measure in (ReadOnlySpan<RateMeasure>)[RateMeasure.Calls, RateMeasure.Errors])
            ring.Add(measure, key.MinuteOf(measure, minute));
    }

    /// <summary>The oldest first.</summary>
    internal IReadOnlyList<RateMinute> Of(RateSubject subject, RateMeasure measure) =>
        rings.Values.FirstOrDefault(ring => ring.Subject == subject)?.Of(measure) ?? [];

    sealed class Ring(byte[] name, RateSubject subject)
    {
        readonly Queue<RateMinute>[] minutes = [new(), new()];

        internal byte[] Name => name;

        internal RateSubject Subject => subject;

        internal void Add(RateMeasure measure, RateMinute minute)
        {
            var queue = minutes[(int)measure];
            if (queue.Count == Most)
                queue.Dequeue();
            queue.Enqueue(minute);
        }

        internal IReadOnlyList<RateMinute> Of(RateMeasure measure) => [.. minutes[(int)measure]];
    }
}

namespace ClusterTrail.Kubernetes.Control;

/// <summary>A queue of several parties' keys, who take turns: however many one of them adds, another waits for one of each only.</summary>
/// <remarks>Not safe for use by several threads.</remarks>
sealed class FairQueue<TKey>(Func<TKey, string> partyOf)
{
    readonly Dictionary<string, Queue<TKey>> waiting = [];
    readonly Queue<string> turns = new();

    public void Enqueue(TKey key)
    {
        var party = partyOf(key);
        if (!waiting.TryGetValue(party, out var keys))
        {
            waiting[party] = keys = new();
            turns.Enqueue(party);
        }

        keys.Enqueue(key);
    }

    /// <exception cref="InvalidOperationException">It is empty.</exception>
    public TKey Dequeue()
    {
        var party = turns.Dequeue();
        var keys = waiting[party];
        var key = keys.Dequeue();
        if (keys.Count == 0)
            waiting.Remove(party);
        else
            turns.Enqueue(party);
        return key;
    }
}

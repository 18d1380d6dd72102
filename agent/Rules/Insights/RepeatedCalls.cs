using System.Runtime.CompilerServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>Calls that came before: the keys of each, so that nobody looks for them again, and how often it came meanwhile.</summary>
/// <remarks>Most events are such calls, and touch no more memory than one place here.</remarks>
sealed class RepeatedCalls
{
    const int Places = 1 << 12;

    // Apart from what is read when calls are counted: so more of them are in a processor's cache.
    readonly Place[] places = new Place[Places];
    readonly RepeatedCall[] calls = new RepeatedCall[Places];

    // Those with a count.
    readonly List<int> counted = new(Places);
    int version = 1;

    /// <summary>Counts a call if it is known.</summary>
    /// <param name="call">The hash of all that matters of it.</param>
    public bool TryCount(ulong call)
    {
        var at = (int)call & (Places - 2);
        if (!Is(call, at) && !Is(call, ++at))
            return false;
        if (places[at].Count++ == 0)
        {
            counted.Add(at);
        }

        return true;
    }

    /// <summary>Knows a call from now on, if there is a place for it and neither of its keys is crowded.</summary>
    public void Add(in RepeatedCall call)
    {
        if (call.IsCrowded)
            return;
        var at = (int)call.Hashes.Call & (Places - 2);
        // The second of its two places if the first is in use; what was counted and not yet handed over stays.
        if (places[at].Version == version && places[at + 1].Count == 0)
        {
            at++;
        }

        if (places[at].Count == 0)
        {
            places[at] = new() { Call = call.Hashes.Call, Version = version };
            calls[at] = call;
        }
    }

    /// <summary>Hands over what was counted, and begins to count again.</summary>
    /// <param name="count">Gets what came again, and how often.</param>
    public void Drain<T>(T rates, Action<T, RepeatedCall, int> count)
    {
        while (counted.Count > 0)
        {
            // First taken out: what fails is not handed over again.
            var at = counted[^1];
            counted.RemoveAt(counted.Count - 1);
            var times = places[at].Count;
            places[at].Count = 0;
            count(rates, calls[at], times);
        }
    }

    /// <summary>Knows none any more; what was counted has been handed over.</summary>
    public void Forget() => version++;

    /// <summary>Knows some no more; what was counted has been handed over.</summary>
    public void ForgetThose(Func<RepeatedCall, bool> are)
    {
        for (var at = 0; at < Places; at++)
        {
            if (places[at].Version == version && are(calls[at]))
            {
                places[at].Version = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Is(ulong call, int at) => places[at].Call == call && places[at].Version == version;

    struct Place
    {
        public ulong Call;
        public int Version;
        public int Count;
    }
}

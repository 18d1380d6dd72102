namespace ClusterTrail.Rules.Insights;

/// <summary>Calls that came before: whose they are without looking for it, and how often they came since that was counted.</summary>
/// <remarks>Most events are such, and their place is all of the memory that they touch.</remarks>
sealed class RepeatedCalls
{
    const int Places = 1 << 12;

    readonly Place[] places = new Place[Places];

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

    /// <summary>Knows a call from now on, if there is a place for it.</summary>
    public void Add(ulong call, RateKey kind, RateKey user, bool isError)
    {
        var at = (int)call & (Places - 2);
        at = places[at].Count == 0 && places[at].Version != version ? at : at + 1;
        at -= places[at].Count > 0 ? 1 : 0;
        if (places[at].Count == 0)
        {
            places[at] = new(call, version, kind, user, isError);
        }
    }

    /// <summary>Tells what was counted, and begins to count again.</summary>
    /// <param name="count">Gets the kind, the user, how many, and whether they failed.</param>
    public void Drain<T>(T rates, Action<T, RateKey, RateKey, int, bool> count)
    {
        foreach (var at in counted)
        {
            ref var place = ref places[at];
            count(rates, place.Kind, place.User, place.Count, place.IsError);
            place.Count = 0;
        }

        counted.Clear();
    }

    /// <summary>Knows none any more; what was counted has been told.</summary>
    public void Forget() => version++;

    bool Is(ulong call, int at) => places[at].Call == call && places[at].Version == version;

    struct Place(ulong call, int version, RateKey kind, RateKey user, bool isError)
    {
        public readonly ulong Call = call;
        public readonly RateKey Kind = kind;
        public readonly RateKey User = user;
        public readonly int Version = version;
        public readonly bool IsError = isError;
        public int Count;
    }
}

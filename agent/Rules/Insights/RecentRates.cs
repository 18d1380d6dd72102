namespace ClusterTrail.Rules.Insights;

/// <summary>The last minutes of a rate, in order of time and of size, so that their median is at hand.</summary>
sealed class RecentRates
{
    readonly float[] byTime = new float[Method.RecentMinutes];
    readonly float[] bySize = new float[Method.RecentMinutes];
    int next;

    public int Count { get; private set; }

    public float Median => Count == 0 ? 0 : (bySize[Count / 2] + bySize[(Count - 1) / 2]) / 2;

    /// <summary>Forgets all, and knows so many minutes of silence.</summary>
    public void Reset(int silent)
    {
        Array.Clear(byTime);
        Array.Clear(bySize);
        Count = Math.Min(silent, Method.RecentMinutes);
        next = Count % Method.RecentMinutes;
    }

    public void Add(float rate)
    {
        // Most rates are silent in most minutes: what goes is what comes, and the order stays.
        if (Count < Method.RecentMinutes || byTime[next] != rate)
        {
            if (Count == Method.RecentMinutes)
            {
                Remove(byTime[next]);
            }

            Insert(rate);
            byTime[next] = rate;
        }

        next = (next + 1) % Method.RecentMinutes;
    }

    /// <summary>The rate so many minutes ago, 1 being the last one added.</summary>
    public float Ago(int minutes) => byTime[(next - minutes + Method.RecentMinutes) % Method.RecentMinutes];

    void Remove(float rate)
    {
        var at = Array.BinarySearch(bySize, 0, Count, rate);
        Array.Copy(bySize, at + 1, bySize, at, Count - at - 1);
        Count--;
    }

    void Insert(float rate)
    {
        var at = Array.BinarySearch(bySize, 0, Count, rate);
        at = at < 0 ? ~at : at;
        Array.Copy(bySize, at, bySize, at + 1, Count - at);
        bySize[at] = rate;
        Count++;
    }
}

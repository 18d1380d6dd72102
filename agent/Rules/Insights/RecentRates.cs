using System.Runtime.CompilerServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>The last minutes of a rate, in order of time and of size, so that their median is at hand.</summary>
struct RecentRates
{
    int next;
    Rates byTime;
    Rates bySize;

    public int Count { get; private set; }

    /// <summary>Whether all minutes are known, and had no event.</summary>
    public readonly bool AreSilent => Count == Method.RecentMinutes && bySize[Method.RecentMinutes - 1] == 0;

    public readonly float Median => Count == 0 ? 0 : (bySize[Count / 2] + bySize[(Count - 1) / 2]) / 2;

    /// <summary>Forgets all, and knows so many minutes of silence.</summary>
    public void Reset(int silent)
    {
        (byTime, bySize) = (default, default);
        Count = Math.Min(silent, Method.RecentMinutes);
        next = Count % Method.RecentMinutes;
    }

    public void Add(float rate)
    {
        if (Count < Method.RecentMinutes)
        {
            Insert(rate);
        }
        else if (byTime[next] != rate)
        {
            Replace(byTime[next], rate);
        }

        byTime[next] = rate;
        next = (next + 1) % Method.RecentMinutes;
    }

    /// <summary>The rate so many minutes ago, 1 being the last one added.</summary>
    public readonly float Ago(int minutes) => byTime[(next - minutes + Method.RecentMinutes) % Method.RecentMinutes];

    void Insert(float rate)
    {
        Span<float> ordered = bySize;
        var at = ordered[..Count].BinarySearch(rate);
        at = at < 0 ? ~at : at;
        ordered[at..Count].CopyTo(ordered[(at + 1)..]);
        ordered[at] = rate;
        Count++;
    }

    // Those between their places move by one: few, as most rates change little.
    void Replace(float gone, float rate)
    {
        Span<float> ordered = bySize;
        var at = ordered.BinarySearch(gone);
        for (; at + 1 < ordered.Length && ordered[at + 1] < rate; at++)
        {
            ordered[at] = ordered[at + 1];
        }

        for (; at > 0 && ordered[at - 1] > rate; at--)
        {
            ordered[at] = ordered[at - 1];
        }

        ordered[at] = rate;
    }

    [InlineArray(Method.RecentMinutes)]
    struct Rates
    {
        float first;
    }
}

using System.Runtime.CompilerServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>The last minutes of a rate, in order of time and of size, so that their median is at hand.</summary>
struct RecentRates
{
    int next;
    Rates byTime;
    Rates bySize;

    public int Count { get; private set; }

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
    public readonly float Ago(int minutes) => byTime[(next - minutes + Method.RecentMinutes) % Method.RecentMinutes];

    void Remove(float rate)
    {
        Span<float> ordered = bySize;
        var at = ordered[..Count].BinarySearch(rate);
        ordered[(at + 1)..Count].CopyTo(ordered[at..]);
        Count--;
    }

    void Insert(float rate)
    {
        Span<float> ordered = bySize;
        var at = ordered[..Count].BinarySearch(rate);
        at = at < 0 ? ~at : at;
        ordered[at..Count].CopyTo(ordered[(at + 1)..]);
        ordered[at] = rate;
        Count++;
    }

    [InlineArray(Method.RecentMinutes)]
    struct Rates
    {
        float first;
    }
}

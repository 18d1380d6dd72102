using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests;

/// <summary>Holds some lines back for a while, as the source of processes does.</summary>
sealed class HoldingSource(ISource source, Random random, TimeProvider time) : ISource
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    byte[] text = [];
    Position start;
    Oversized? oversized;
    long? heldAt;
    bool isReleased;

    public SourceView View => source.View;

    public bool IsHolding => heldAt is not null;

    public void Begin() => source.Begin();

    public SourceProgress TakeProgress() => source.TakeProgress();

    public bool Watch() => source.Watch();

    public void Release() => isReleased = true;

    public bool TryRead(out SourceLine line)
    {
        line = default;
        if (heldAt is { } since)
        {
            if (!isReleased && time.GetElapsedTime(since) < Longest)
            {
                return false;
            }

            (heldAt, isReleased) = (null, false);
            line = new(text, start, oversized);
            return true;
        }

        if (!source.TryRead(out line))
        {
            return false;
        }

        if (line.Nuls > 0 || random.Next(5) > 0)
        {
            return true;
        }

        (text, start, oversized, heldAt, isReleased) = (line.Text.ToArray(), line.Start, line.Oversized, time.GetTimestamp(), false);
        line = default;
        return false;
    }

    public void Dispose() => source.Dispose();
}

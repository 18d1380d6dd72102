using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Execs;

/// <summary>Reads a journal of processes, and holds one that entered a container until it is known what started it.</summary>
/// <remarks>
/// What comes after it waits too, so that children come after their parents: each for <see cref="ProcessJoiner.Longest"/> at most, as
/// that counts from its own start. Nothing is committed meanwhile, so a crash reads the line again.
/// </remarks>
sealed class HeldProcesses(ISource journal, ProcessJoin join) : ISource
{
    byte[] text = [];
    int length;
    Position start;
    EnteredProcess? held;
    bool isReleased;

    public SourceView View => journal.View;

    public bool IsHolding => held is not null;

    public void Begin() => journal.Begin();

    public SourceProgress TakeProgress()
    {
        // What was read up to there must be known after a restart.
        join.Joined.Save();
        return journal.TakeProgress();
    }

    public void NoteSaved(SourceProgress progress) => journal.NoteSaved(progress);

    public bool Watch() => journal.Watch();

    public void Release() => isReleased = true;

    public bool TryRead(out SourceLine line)
    {
        if (held is not null)
        {
            return TryGiveHeld(out line);
        }

        if (!journal.TryRead(out line))
        {
            return false;
        }

        if (line is { Oversized: null, Nuls: 0 } && EnteredProcess.Read(line.Text) is { } entered && join.Joiner.MustWait(entered))
        {
            Hold(line, entered);
            line = default;
            return false;
        }

        return true;
    }

    public void Dispose() => journal.Dispose();

    bool TryGiveHeld(out SourceLine line)
    {
        if (!isReleased && join.Joiner.MustWait(held!))
        {
            line = default;
            return false;
        }

        (held, isReleased, join.Handed.IsWaiting) = (null, false, false);
        line = new(text.AsSpan(0, length), start, null);
        return true;
    }

    void Hold(SourceLine line, EnteredProcess entered)
    {
        text = line.Text.Length > text.Length ? new byte[line.Text.Length] : text;
        (length, start, held) = (line.Text.Length, line.Start, entered);
        line.Text.CopyTo(text);
        (isReleased, join.Handed.IsWaiting) = (false, true);
    }
}

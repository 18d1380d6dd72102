using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>What was read of all logs, as long as any of them may come again.</summary>
sealed class ReadStates
{
    const int MaxGaps = 1000;

    // A log that is being compressed may be missed by one listing.
    static readonly TimeSpan MissingFor = TimeSpan.FromSeconds(5);

    readonly Dictionary<FileId, ReadState> states = [];
    readonly List<Gap> gaps;
    readonly Action<Gap> gapFound;
    readonly TimeProvider time;
    readonly PartialLines partials;
    bool hasNews;

    public ReadStates(SourceProgress saved, PartialLines partials, Action<Gap> gapFound, TimeProvider time)
    {
        (this.partials, this.gapFound, this.time) = (partials, gapFound, time);
        gaps = [.. saved.Gaps];
        foreach (var state in (saved.Containers ?? []).Select(one => ReadState.Parse(one, partials)))
        {
            states[state.Id] = state;
        }
    }

    public ReadState Of(string path, FileId id)
    {
        if (!states.TryGetValue(id, out var state))
        {
            states.Add(id, state = new(path, id, partials));
            hasNews = true;
        }

        state.MissingSince = null;
        return state;
    }

    /// <summary>Forgets what is gone; what of it was not read is a gap.</summary>
    /// <param name="mayBeThere">Whether a path has logs that nobody looks at, or such that are not read yet.</param>
    public void Forget(HashSet<ReadState> there, Func<string, bool> mayBeThere)
    {
        foreach (var state in states.Values)
        {
            if (state.Holder is not null || there.Contains(state) || mayBeThere(state.Path))
            {
                state.MissingSince = null;
                continue;
            }

            state.MissingSince ??= time.GetTimestamp();
            if (time.GetElapsedTime(state.MissingSince.Value) >= MissingFor)
            {
                states.Remove(state.Id);
                NoteLost(state);
            }
        }
    }

    /// <summary>Notes that a log was cut: it goes on as another one.</summary>
    public void Cut(ReadState state)
    {
        Add(new($"{state.Id}", state.ReadFrom, null, "Unseen", time.GetUtcNow(),
            $"{state.Path}: the log became shorter than what was read of it; what was written between is not known."));
        states.Remove(state.Id);
    }

    /// <summary>Notes that the rest of a compressed log cannot be read, whoever tries again.</summary>
    public void NoteDamage(ReadState state, string problem)
    {
        if (!state.IsDamaged)
        {
            state.IsDamaged = true;
            Add(new($"{state.Id}", state.Offset, null, "Damaged", time.GetUtcNow(), $"{state.Path}: {problem}"));
        }
    }

    /// <summary>Whether logs or gaps were found since this was last asked.</summary>
    public bool TakeNews() => hasNews && !(hasNews = false);

    public SourceProgress ToProgress() => new()
    {
        Containers = [.. states.Values.Select(state => state.ToProgress())],
        Gaps = [.. gaps],
    };

    void NoteLost(ReadState state)
    {
        if (state.IsGivenUp)
        {
            long? unread = state.Size > state.ReadFrom ? state.Size - state.ReadFrom : null;
            Add(new($"{state.Id}", state.ReadFrom, unread, "Vanished", time.GetUtcNow(),
                $"{state.Path}: the log was deleted before it was read to its end. The agent closed it, because such logs were more "
                    + "than maxHeldBytes or maxOpenFiles allow. Find out why the agent reads too slowly, or raise the limit."));
            return;
        }

        // A line without its end was read, but not given out.
        if (state.Size > state.ReadFrom)
        {
            Add(new($"{state.Id}", state.ReadFrom, state.Size - state.ReadFrom, "Vanished", time.GetUtcNow(),
                $"{state.Path}: the log was deleted before it was read to its end."));
        }
        else if (state.IsLive && !state.IsEnded)
        {
            Add(new($"{state.Id}", state.Offset, null, "Unseen", time.GetUtcNow(),
                $"{state.Path}: the log was deleted while nobody held it open; whether more was written is not known."));
        }
    }

    void Add(Gap gap)
    {
        hasNews = true;
        gaps.Add(gap);
        if (gaps.Count > MaxGaps)
        {
            gaps.RemoveAt(0);
        }

        gapFound(gap);
    }
}

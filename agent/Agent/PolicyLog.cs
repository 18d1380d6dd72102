using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent;

/// <summary>What selector rules lacked of the events that arrived, over all sources and changes of the selectors.</summary>
/// <remarks>
/// A kind of events is told until one has arrived with all that the rule asks for and none without for an hour, or none at all for a
/// day: an audit policy may decide by who asks, and what is rare should not come and go with each event.
/// </remarks>
sealed class PolicyLog(PolicyMetrics metrics, TimeProvider time)
{
    static readonly TimeSpan Mended = TimeSpan.FromHours(1);
    static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    readonly Lock gate = new();
    readonly Dictionary<Key, Shortfall> shortfalls = [];
    readonly long since = time.GetTimestamp();
    bool isWatching;
    volatile IReadOnlyList<MissingStage> missing = [];
    long events;
    long others;
    long othersAt;

    /// <summary>For a source of events that an audit policy decides about.</summary>
    public SourcePolicy ForSource(ReloadedFile<Selector> selectors)
    {
        isWatching = true;
        return new(selectors, this);
    }

    /// <summary>Takes over what was noted since the last time.</summary>
    public void Take(PolicyWatch watch)
    {
        if (watch.Stages.IsChanged)
        {
            watch.Stages.IsChanged = false;
            missing = [.. watch.Stages.Missing().Take(PolicyStatus.MostShortfalls).Select(one => new MissingStage(one.Rule, one.Stage))];
        }

        if (watch.Events == 0)
        {
            return;
        }

        metrics.Add(watch);
        lock (gate)
        {
            events += watch.Events;
            NoteOthers(watch.Others);
            for (var at = watch.Kinds.Count - 1; at >= 0; at--)
            {
                Take(watch, watch.Kinds[at]);
            }

            watch.Clear();
        }
    }

    /// <summary>What is lacking of these selectors; null if no source can show it.</summary>
    public PolicyStatus? StatusOf(Selector selector)
    {
        lock (gate)
        {
            Forget();
            return !isWatching ? null : new()
            {
                ObservedSeconds = time.GetElapsedTime(since).TotalSeconds,
                Rules = selector.RulesThatNeedBodies,
                Events = events,
                Shortfalls = [.. Reported(selector).OrderByDescending(one => one.Events).Take(PolicyStatus.MostShortfalls)],
                Others = others,
                MissingStages = [.. missing.Where(one => selector.Sets is [var own, ..] && one.Rule < own.Rules.Count)],
            };
        }
    }

    // What was seen with earlier selectors counts as long as the rule's set is the same.
    IEnumerable<PolicyShortfall> Reported(Selector selector) =>
        from one in shortfalls
        where selector.PlaceOf(one.Value.Set, one.Key.Rule) >= 0
        select new PolicyShortfall
        {
            RuleSet = one.Key.Set,
            Rule = one.Key.Rule,
            Verb = one.Key.Verb,
            Group = one.Key.Group,
            Resource = one.Key.Resource,
            Arrives = one.Value.Arrives,
            Asked = one.Value.Asked,
            Undecided = one.Key.IsUndecided,
            Cut = one.Value.IsCut,
            Events = one.Value.Events,
        };

    void Take(PolicyWatch watch, ArrivingKind kind)
    {
        if (kind.Below + kind.Enough == 0)
        {
            return;
        }

        var (set, rule) = watch.Selector.Place(kind.Rule);
        var key = new Key(set.Name, rule, kind.Verb, kind.Group, kind.Resource, kind.IsUndecided);
        if (shortfalls.GetValueOrDefault(key) is not { } known || watch.Selector.PlaceOf(known.Set, rule) < 0)
        {
            known = kind.Below > 0 ? Begin(key, set) : null;
        }

        if (known is null)
        {
            NoteOthers(kind.Below);
        }
        else
        {
            Note(known, kind);
        }

        if (known is null || IsOver(known))
        {
            watch.Remove(kind);
        }
    }

    // Null if there is no room.
    Shortfall? Begin(Key key, RuleSet set)
    {
        Forget();
        var room = new PolicyRoom(set);
        foreach (var one in shortfalls.Values)
        {
            room.Take(one.Set);
        }

        return room.IsLeft || shortfalls.ContainsKey(key) ? shortfalls[key] = new() { Set = set } : null;
    }

    void Note(Shortfall known, ArrivingKind kind)
    {
        var now = time.GetTimestamp();
        if (kind.Below > 0)
        {
            (known.Arrives, known.Asked, known.IsCut) = (LevelOf(kind.Arrives), LevelOf(kind.Asked), kind.IsCut);
            known.Events += kind.Below;
            known.LastBelow = now;
        }

        if (kind.Enough > 0)
        {
            known.LastEnough = now;
        }
    }

    void NoteOthers(long more)
    {
        if (more > 0)
        {
            others += more;
            othersAt = time.GetTimestamp();
        }
    }

    void Forget()
    {
        foreach (var over in shortfalls.Where(one => IsOver(one.Value)).Select(one => one.Key).ToList())
        {
            shortfalls.Remove(over);
        }

        others = others > 0 && time.GetElapsedTime(othersAt) >= Forgotten ? 0 : others;
    }

    bool IsOver(Shortfall known)
    {
        var quiet = time.GetElapsedTime(known.LastBelow);
        return quiet >= Forgotten || (quiet >= Mended && known.LastEnough > known.LastBelow);
    }

    static SelectorLevel LevelOf(AuditLevel level) => level switch
    {
        AuditLevel.RequestResponse => SelectorLevel.RequestResponse,
        AuditLevel.Request => SelectorLevel.Request,
        AuditLevel.Metadata => SelectorLevel.Metadata,
        _ => SelectorLevel.None,
    };

    readonly record struct Key(string Set, int Rule, string Verb, string Group, string Resource, bool IsUndecided);

    sealed class Shortfall
    {
        /// <summary>The rule's set when it was seen.</summary>
        public required RuleSet Set { get; init; }

        public SelectorLevel Arrives { get; set; }

        public SelectorLevel Asked { get; set; }

        public bool IsCut { get; set; }

        public long Events { get; set; }

        public long LastBelow { get; set; }

        public long LastEnough { get; set; }
    }
}

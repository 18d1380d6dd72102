using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>Notes where events arrive with less than a selector rule asks for, so that the API server's audit policy loses it.</summary>
/// <remarks>
/// One thread runs it. Guarantees: what it remembers is bounded; an event of a kind that is known, or that lacks nothing, allocates
/// nothing.
/// </remarks>
sealed class PolicyWatch
{
    readonly List<ArrivingKind> kinds = new(PolicyRoom.Most);
    // Of each rule of all sets.
    readonly RuleSet[] setOf;
    readonly bool isIdle;
    readonly long[] below = new long[4];
    EventBodies bodies;

    /// <param name="selector">Whose rules.</param>
    /// <param name="before">What was noted with the selectors before: it is kept of sets that are still the same.</param>
    public PolicyWatch(Selector selector, PolicyWatch? before = null)
    {
        (Selector, NeededFrom, Stages) = (selector, selector.NeededFrom(), new(selector.Sets is [var own, ..] ? own : null));
        setOf = [.. selector.Sets.SelectMany(set => Enumerable.Repeat(set, set.Rules.Count))];
        isIdle = selector.RulesThatNeedBodies == 0 && Stages.IsIdle;
        foreach (var kind in before?.kinds ?? [])
        {
            var (set, rule) = before!.Selector.Place(kind.Rule);
            if (selector.PlaceOf(set, rule) is >= 0 and var place)
            {
                kinds.Add(kind.At(place));
            }
        }
    }

    public Selector Selector { get; }

    /// <summary>As <see cref="Selector.NeededFrom"/>.</summary>
    public AuditLevel[] NeededFrom { get; }

    public StageWatch Stages { get; }

    /// <summary>The kinds of which an event arrived with too little.</summary>
    public IReadOnlyList<ArrivingKind> Kinds => kinds;

    /// <summary>How many events a rule that needs bodies was about, of those that can have some.</summary>
    public long Events { get; private set; }

    /// <summary>How many arrived with too little of kinds that there was no room for.</summary>
    public long Others { get; private set; }

    /// <summary>How many arrived with too little.</summary>
    public long Below(AuditLevel asked, bool isUndecided) => below[At(asked, isUndecided)];

    /// <summary>Whether the event can show anything.</summary>
    public bool Begin(in AuditEvent audit)
    {
        if (isIdle || !EventBodies.IsShort(audit))
        {
            return false;
        }

        bodies = EventBodies.Of(audit);
        return bodies != EventBodies.None || !Stages.IsIdle;
    }

    /// <summary>A rule decides about the event.</summary>
    public void NoteMatch(int rule, AuditLevel asked, AuditLevel given, in AuditEvent audit)
    {
        Stages.Note(rule, audit);
        var needed = bodies.Level(asked);
        if (given != AuditLevel.None && needed > AuditLevel.Metadata)
        {
            Note(rule, needed, isUndecided: false, audit);
        }
    }

    /// <summary>A rule's conditions were asked.</summary>
    public void NoteConditions(int rule, Rule of, in AuditEvent audit, bool matched)
    {
        var needed = bodies.Level(of.BodyLevel);
        if (needed <= AuditLevel.Metadata)
        {
            return;
        }

        var isCut = audit.Level >= needed && !matched && Body.AreCut(audit) && of.IsUndecided(audit);
        if (audit.Level < needed ? !matched && of.IsUndecided(audit) : of.IsAbout(audit))
        {
            Note(rule, needed, isUndecided: true, audit, isCut);
        }
    }

    /// <summary>Forgets what was counted since the last time.</summary>
    public void Clear()
    {
        (Events, Others) = (0, 0);
        Array.Clear(below);
        foreach (var kind in kinds)
        {
            kind.Clear();
        }
    }

    /// <summary>Makes room for others.</summary>
    public void Remove(ArrivingKind kind) => kinds.Remove(kind);

    void Note(int rule, AuditLevel needed, bool isUndecided, in AuditEvent audit, bool isCut = false)
    {
        Events++;
        var isBelow = isCut || audit.Level < needed;
        if (!isBelow && kinds.Count == 0)
        {
            return;
        }

        below[At(needed, isUndecided)] += isBelow ? 1 : 0;
        var kind = Find(rule, isUndecided, audit) ?? (isBelow ? Add(rule, isUndecided, audit) : null);
        if (kind is not null)
        {
            kind.Note(isCut ? AuditLevel.Metadata : audit.Level, needed, isBelow, isCut);
        }
        else if (isBelow)
        {
            Others++;
        }
    }

    static int At(AuditLevel asked, bool isUndecided) => (asked == AuditLevel.RequestResponse ? 1 : 0) + (isUndecided ? 2 : 0);

    ArrivingKind? Find(int rule, bool isUndecided, in AuditEvent audit)
    {
        foreach (var kind in kinds)
        {
            if (kind.Rule == rule && kind.IsUndecided == isUndecided && kind.IsOf(audit))
            {
                return kind;
            }
        }

        return null;
    }

    bool HasRoom(RuleSet set)
    {
        var room = new PolicyRoom(set);
        foreach (var kind in kinds)
        {
            room.Take(setOf[kind.Rule]);
        }

        return room.IsLeft;
    }

    ArrivingKind? Add(int rule, bool isUndecided, in AuditEvent audit)
    {
        if (!HasRoom(setOf[rule]) || ArrivingKind.Of(rule, isUndecided, audit) is not { } kind)
        {
            return null;
        }

        kinds.Add(kind);
        return kind;
    }
}

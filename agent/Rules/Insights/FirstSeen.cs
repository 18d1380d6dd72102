using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Insights;

/// <summary>Reports once what a user does that it did not do for 90 days: from where, with what, and on what.</summary>
/// <remarks>
/// Nothing is reported in the first week, and of a user's own first day only that it reads secrets. Of each kind no more than
/// <see cref="MaxReportedADay"/> are reported a day, and of one user <see cref="MaxReportedOfUser"/>; what is more is counted, and
/// remembered as if it was reported. Of one user no more than <see cref="MaxNewOfUser"/> of a kind are remembered a day, so that it cannot
/// make others' be forgotten. Two users of which the hashes have the same low bits share these limits.
/// </remarks>
sealed class FirstSeen(ulong seed)
{
    public const int LearningDays = 7;
    public const int MaxReportedADay = 100;
    public const int MaxReportedOfUser = 10;
    public const int MaxNewOfUser = 1000;

    // One event alone may have a wrong time.
    const int EventsToBegin = 32;

    // Beyond that it is not a gap, but a clock that was wrong.
    const int LongestGapDays = 30;

    // What was seen today already, by the low bits: most events end here.
    const int Recent = 1 << 12;

    // By the low bits of users' hashes.
    const int Users = 1 << 12;

    readonly ulong[] recent = new ulong[Recent];

    // What was new today of each kind and user.
    readonly ushort[] ofUsers = new ushort[Enum.GetValues<FirstSeenKind>().Length * Users];
    readonly int[] reported = new int[Enum.GetValues<FirstSeenKind>().Length];
    ushort? today;
    int taken;

    public SeenSet Seen { get; } = new();

    /// <summary>
    /// Since when it learns, in days since the year 2000; null before there are some events. It moves with a clock that jumps, so that as
    /// many days are known after that as before.
    /// </summary>
    public int? Began { get; set; }

    /// <summary>What was not reported as there was too much of it.</summary>
    public long Withheld { get; private set; }

    /// <summary>What is new; the caller takes it out.</summary>
    public List<FirstSeenInsight> Found { get; } = [];

    ushort Today => today ?? default;

    /// <summary>Goes on after a restart.</summary>
    /// <param name="last">The last minute that was learnt.</param>
    public void Resume(Minute last) => today = DayOf(last);

    /// <param name="isError">Whether it was refused or failed.</param>
    public void Take(in AuditEvent audit, EventHashes hashes, bool isError, Minute minute)
    {
        var address = audit.SourceAddress;
        TurnTo(minute);
        if (Began is null && ++taken >= EventsToBegin)
            Began = today;
        if (IsRecent(hashes.Call))
            return;
        Seen.Add(Of(hashes.User, "user"u8), Today, out var since);
        var isLearnt = since == today;
        if (ClientNetwork.Of(address) is var network and not 0)
        {
            Note(FirstSeenKind.Network, hashes.User, hashes.User ^ (network * 0x9E3779B97F4A7C15), isLearnt, audit, minute);
        }

        Note(FirstSeenKind.UserAgent, hashes.User, Of(hashes.User, FamilyOf(audit.UserAgent)), isLearnt, audit, minute);
        if (!ServiceAccount.NameOf(audit.UserName).IsEmpty)
        {
            Note(FirstSeenKind.ServiceAccountVerb, hashes.User, hashes.User ^ ulong.RotateLeft(hashes.Kind, 32), isLearnt, audit, minute);
        }

        if (!isError && ReadsSecrets(audit))
        {
            Note(FirstSeenKind.SecretReader, hashes.User, hashes.User, isLearnt: false, audit, minute);
        }
    }

    /// <summary>What stands before the first slash or space: <c>kubectl</c> of <c>kubectl/v1.34.0 (linux/amd64)</c>.</summary>
    public static ReadOnlySpan<byte> FamilyOf(ReadOnlySpan<byte> userAgent) =>
        userAgent.IndexOfAny((byte)'/', (byte)' ') is var end and >= 0 ? userAgent[..end] : userAgent;

    // Each has two places, so that two which come by turns do not drive each other out.
    bool IsRecent(ulong all)
    {
        var places = recent.AsSpan((int)(all & (Recent - 2)), 2);
        if (places[0] == all || places[1] == all)
            return true;
        (places[0], places[1]) = (all, places[0]);
        return false;
    }

    void Note(FirstSeenKind kind, ulong user, ulong hash, bool isLearnt, in AuditEvent audit, Minute minute)
    {
        ref var ofUser = ref ofUsers[((int)kind * Users) + (int)(user % Users)];
        var id = KeyHash.Of(hash ^ seed, [(byte)kind]);
        var isTold = !isLearnt && today >= Began + LearningDays;
        if (ofUser < MaxNewOfUser)
        {
            if (!Seen.Add(id, Today, out _))
                return;
            ofUser++;
        }
        else if (Seen.Has(id))
        {
            return;
        }

        if (!isTold)
            return;
        if (ofUser > MaxReportedOfUser || reported[(int)kind] >= MaxReportedADay)
        {
            Withheld++;
            return;
        }

        reported[(int)kind]++;
        Found.Add(new(kind, EventText.Start(audit.UserName), Describe(kind, audit), minute));
    }

    void TurnTo(Minute minute)
    {
        var day = DayOf(minute);
        if (day == today)
            return;
        var passed = today is { } before ? day - before : 0;
        today = day;
        Array.Clear(recent);
        Array.Clear(reported);
        Array.Clear(ofUsers);
        if (passed is >= 0 and <= LongestGapDays)
        {
            Seen.Expire(day);
        }
        else
        {
            // If the clock goes on from there, the next day forgets; if it comes back, nothing is forgotten.
            Began += passed;
        }
    }

    static ushort DayOf(Minute minute) =>
        (ushort)Math.Clamp(minute.Day - new DateTime(2000, 1, 1).Ticks / TimeSpan.TicksPerDay, 0, ushort.MaxValue);

    static string Describe(FirstSeenKind kind, in AuditEvent audit) => kind switch
    {
        FirstSeenKind.Network => ClientNetwork.Describe(audit.SourceAddress),
        FirstSeenKind.UserAgent => EventText.Start(FamilyOf(audit.UserAgent)),
        _ => $"{new RateSubject(null, EventText.Start(audit.Verb), EventText.Start(audit.ApiGroup), EventText.Start(audit.Resource))}",
    };

    static bool ReadsSecrets(in AuditEvent audit) =>
        audit.ApiGroup.IsEmpty && audit.Resource.SequenceEqual("secrets"u8)
            && (audit.Verb.SequenceEqual("get"u8) || audit.Verb.SequenceEqual("list"u8) || audit.Verb.SequenceEqual("watch"u8));

    static ulong Of(ulong user, ReadOnlySpan<byte> what) => KeyHash.Of(user, what);
}

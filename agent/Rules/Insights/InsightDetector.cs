using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Insights;

/// <summary>Looks for what is unusual in the events of one source, in the order in which they come.</summary>
/// <remarks>
/// Not safe for several threads. What it finds depends on the events and the seed only, so the same events of an archive give the same.
/// A request counts once, when its response is complete, under the user that authenticated.
/// </remarks>
/// <param name="seed">Of the hashes of keys; a secret, so that clients cannot choose a name that has another's hash.</param>
sealed class InsightDetector(ulong seed, int capacity = RateInsights.DefaultCapacity)
{
    readonly MinuteClock clock = new();

    public ulong Seed => seed;

    public RateInsights Rates { get; init; } = new(capacity);

    public FirstSeen FirstSeen { get; } = new(seed);

    public MinuteClock Clock => clock;

    /// <summary>The stretches that began or ended; the caller takes them out, as those of <see cref="FirstSeen"/>.</summary>
    public List<RateInsight> Found { get; } = [];

    /// <summary>Goes on with what <see cref="Rates"/> knows after a restart; open stretches end.</summary>
    public void Resume()
    {
        if (Rates.Last is { } last)
        {
            clock.Resume(last);
            FirstSeen.Resume(last);
        }
    }

    /// <returns>Whether something was found.</returns>
    public bool Take(in AuditEvent audit)
    {
        if (audit.IsProcess || !IsLastStage(audit.Stage))
            return false;
        switch (clock.Take(audit.StageTimestamp))
        {
            case ClockStep.Ignored:
                return false;
            case ClockStep.Next:
                End(clock.Ended);
                break;
        }

        Count(audit);
        return Found.Count + FirstSeen.Found.Count > 0;
    }

    void Count(in AuditEvent audit)
    {
        var isError = audit.StatusCode is [>= (byte)'4', _, _];
        var call = CallHash.Of(seed, audit, isError);
        if (Rates.CountAgain(call))
            return;
        var kindHash = KeyHash.Of(KeyHash.Of(KeyHash.Of(seed, audit.Verb), audit.Resource), audit.ApiGroup);
        var userHash = KeyHash.Of(seed, audit.UserName);
        var agentHash = KeyHash.Of(seed, audit.UserAgent);
        var kind = Rates.CountKind(kindHash, audit.Verb, audit.ApiGroup, audit.Resource, isError);
        var user = Rates.CountUser(userHash, audit.UserName, isError);
        var hashes = new EventHashes(kindHash, userHash, agentHash, call);
        Rates.Contribute(kind, hashes, audit.UserName, audit.UserAgent);
        Rates.Contribute(user, hashes, audit.UserName, audit.UserAgent);
        FirstSeen.Take(audit, hashes, isError, clock.Current!.Value);
        // Until it has begun, it counts all.
        if (FirstSeen.Began is not null)
        {
            Rates.Repeat(new(kind, user, hashes, isError));
        }
    }

    void End(Minute? ended)
    {
        if (ended is { } minute)
        {
            Rates.Close(minute, clock.EndedWhole, Found);
        }

        // On each day it is seen anew.
        if (ended?.Day != clock.Current!.Value.Day)
        {
            Rates.ForgetCalls();
        }
    }

    static bool IsLastStage(ReadOnlySpan<byte> stage) => stage.SequenceEqual("ResponseComplete"u8) || stage.SequenceEqual("Panic"u8);
}

using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent.Integrity;

/// <summary>What the operator said last of completeness, for the next digest. All threads may use it.</summary>
/// <remarks>
/// Guarantees: a digest says only what was said since the one before, and what cannot stand in a digest is not taken. It is in memory only:
/// the operator says it again within a minute.
/// </remarks>
sealed class CompletenessWord(ChainOwner owner, TimeProvider time)
{
    // Clocks differ. What is from later than this would keep out all that is true until then.
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    // Somebody may have recorded a request, and send it again to an agent that has just started.
    static readonly TimeSpan Oldest = TimeSpan.FromHours(1);

    readonly Lock gate = new();
    HeldCompletenessStatus held = new();
    DigestCompleteness? pending;
    // When the difference was found that the newest digest of this run tells.
    DateTimeOffset? told;

    public HeldCompletenessStatus Status
    {
        get
        {
            lock (gate)
            {
                return held;
            }
        }
    }

    /// <summary>
    /// What the next digest says, null if the operator said nothing since the last one; and whether that is worth a digest before its
    /// time: a difference was found, or is none any more.
    /// </summary>
    public (DigestCompleteness? Said, bool IsNews) Pending
    {
        get
        {
            lock (gate)
            {
                return (pending, pending is not null && pending.Counts?.FoundAt != told);
            }
        }
    }

    /// <summary>Takes what the operator sent.</summary>
    /// <returns>Why not; null if it is taken.</returns>
    public string? Take(ReadOnlySpan<byte> body)
    {
        if (Parse(body, out var malformed) is not { } handover)
        {
            return malformed;
        }

        var said = Of(handover);
        lock (gate)
        {
            if (Problem(handover, said) is { } problem)
            {
                return problem;
            }

            (pending, held) = (said, new() { At = handover.At, Hash = handover.Hash });
            return null;
        }
    }

    /// <summary>Notes that a digest says it that is on disk for good.</summary>
    public void Told(DigestCompleteness said)
    {
        lock (gate)
        {
            told = said.Counts?.FoundAt;
            pending = ReferenceEquals(pending, said) ? null : pending;
        }
    }

    string? Problem(CompletenessHandover handover, DigestCompleteness said)
    {
        var now = time.GetUtcNow();
        return handover switch
        {
            _ when handover.Trail != owner.Trail || handover.Node != owner.Node => "meant for another agent",
            _ when handover.At > now + Ahead =>
                $"at is {handover.At:O}, which is yet to come: the clocks of the operator and of this node differ by more than a minute",
            _ when handover.At < now - Oldest =>
                $"at is {handover.At:O}, more than an hour ago: it is old, or the clocks of the operator and of this node differ",
            _ when handover.At <= held.At => "not newer than what is known",
            { Hash.Length: 0 or > 64 } => "hash is not a text of 1 to 64 characters",
            _ => said.Fault is var (member, allowed) ? $"{member} is not as it must be: {allowed}" : null,
        };
    }

    static CompletenessHandover? Parse(ReadOnlySpan<byte> body, out string malformed)
    {
        malformed = "not what an operator says of completeness";
        try
        {
            return JsonSerializer.Deserialize(body, CompletenessJson.Default.CompletenessHandover);
        }
        catch (JsonException e)
        {
            malformed = $"{malformed}: {e.Message}";
            return null;
        }
    }

    // As it can be read back: a digest keeps no more of a time.
    static DigestCompleteness Of(CompletenessHandover handover) => new(
        Cut(handover.ComparedAt), handover.OfAll,
        handover.Counts is not { } counts ? null : new()
        {
            Since = SignedTime.Cut(counts.Since),
            MissingAtLeast = counts.MissingAtLeast,
            MissingAtMost = counts.MissingAtMost,
            EarlierMissing = counts.EarlierMissing,
            SurplusAtLeast = counts.SurplusAtLeast,
            FoundAt = Cut(counts.FoundAt),
            Reason = counts.Reason,
        },
        handover.NotCompared is { } not ? new(not.Reason, SignedTime.Cut(not.Since)) : null);

    static DateTimeOffset? Cut(DateTimeOffset? time) => time is { } known ? SignedTime.Cut(known) : null;
}

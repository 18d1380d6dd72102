using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Archive.Tests.Digests;

/// <summary>A digest with everything that one can have.</summary>
static class SomeDigest
{
    public static DateTimeOffset Time { get; } = new(2026, 11, 26, 10, 5, 0, 123, TimeSpan.Zero);

    public static ChainOwner Owner { get; } = new("prod", "main", "cp-1", "agent");

    public static Digest Full(VerifyingKey key, VerifyingKey nextKey) => new()
    {
        Owner = Owner,
        ChainId = "00112233445566778899aabbccddeeff",
        Sequence = 7,
        Reason = DigestReason.Period,
        From = Time.AddMinutes(-5),
        Until = Time,
        NextBy = Time.AddMinutes(6),
        Previous = new("digests/before", new('b', 64)),
        Key = key,
        NextKey = nextKey,
        AgentVersion = "0.1.0",
        Configuration = new(new('1', 64), new('2', 64), new('3', 64)),
        Objects = [Object(42), Object(43)],
        Sources =
        [
            new()
            {
                Name = "apiserver",
                NextSequence = 44,
                Restarted = true,
                Events = 1000,
                Truncated = 1,
                Oversized = 2,
                Unparsable = 3,
                Gaps = [new("0123456789abcdef", 4096, 100, "Removed"), new("0123456789abcdef", 0, null, "Removed")],
                MoreGaps = 5,
            },
        ],
        Waiting = [new("apiserver", 40, 41), new("apiserver", 43, null)],
        WaitingDigests = [new(3, 4), new(6, null)],
        Lost = [new("apiserver", 38, 39, LostBatches.Damaged)],
        LostDigests = [new(5, LostBatches.Damaged)],
        Spool = new(8192, 2, 17, 1),
    };

    /// <summary>The first of a chain, with nothing in it.</summary>
    public static Digest First(VerifyingKey key) => Full(key, key) with
    {
        Sequence = 1,
        Reason = DigestReason.Start,
        Previous = null,
        NextKey = null,
        Configuration = new(new('1', 64), null, null),
        Objects = [],
        Waiting = [],
        WaitingDigests = [],
        Lost = [],
        LostDigests = [],
    };

    /// <summary>All that an operator can say of completeness.</summary>
    public static DigestCompleteness Completeness { get; } = new(
        Time.AddSeconds(-30), OfAll: true,
        new()
        {
            Since = Time.AddDays(-1),
            MissingAtLeast = 7,
            MissingAtMost = 9,
            EarlierMissing = 2,
            SurplusAtLeast = 1,
            FoundAt = Time.AddMinutes(-3),
            Reason = "RotatedAway",
        },
        new("the agent on cp-1 is behind.", Time.AddSeconds(-10)));

    public static DigestObject Object(long sequence) => new()
    {
        Name = "events/cluster=prod/trail=main/date=2026-11-26/node=cp-1/"
            + $"100100000-apiserver-{sequence:D8}-aaaaaaaaaaaaaaaa.ndjson.zst.cms",
        Sha256 = new('a', 64),
        Bytes = 1234,
        Records = 10,
        Source = "apiserver",
        Sequence = sequence,
        FirstEventTime = new(2026, 11, 26, 10, 1, 0, TimeSpan.Zero),
        LastEventTime = new(2026, 11, 26, 10, 1, 30, 5, TimeSpan.Zero),
        FirstPosition = "0123456789abcdef:0",
        LastPosition = "0123456789abcdef:4711",
    };
}

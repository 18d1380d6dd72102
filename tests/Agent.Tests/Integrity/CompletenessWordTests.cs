using System.Text;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>What an agent takes of what is sent as an operator's word.</summary>
public sealed class CompletenessWordTests : IDisposable
{
    const string Nonce = "0123456789abcdef";
    const string Begin = """{"trail":"main","node":"cp-1","at":"2026-11-26T12:00:00Z","hash":"h",""";

    static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly CompletenessWord word;

    public CompletenessWordTests()
    {
        time.Set(Noon - time.GetUtcNow());
        word = new(new("prod", "main", "cp-1", "agent"), time);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WhatIsSaidIsKnownAndTheStatusSaysWhichItIs()
    {
        Assert.Equal((null, null), (word.Status.At, word.Status.Hash));
        Assert.Null(word.Pending.Said);

        Assert.Null(word.Take(SomeWord.Of(Noon, 7, Noon.AddMinutes(-1)) with { OfAll = true, NotCompared = new("it is behind", Noon) }));

        Assert.Equal((Noon, new string('a', 64)), (word.Status.At, word.Status.Hash));
        Assert.Equal(
            new DigestCompleteness(
                Noon.AddSeconds(-1), OfAll: true,
                new()
                {
                    Since = Noon.AddDays(-1),
                    MissingAtLeast = 7,
                    MissingAtMost = 7,
                    EarlierMissing = 0,
                    SurplusAtLeast = 0,
                    FoundAt = Noon.AddMinutes(-1),
                    Reason = "RotatedAway",
                },
                new("it is behind", Noon)),
            word.Pending.Said);
        Assert.True(word.Pending.IsNews);
    }

    [Fact]
    public void WhatIsOlderOrForAnotherChangesNothing()
    {
        Assert.Null(word.Take(SomeWord.Of(Noon)));

        Assert.Equal("not newer than what is known", word.Take(SomeWord.Of(Noon, 7, Noon)));
        Assert.Equal("meant for another agent", word.Take(SomeWord.Of(Noon.AddSeconds(1), 7, Noon) with { Trail = "other" }));
        Assert.Equal("meant for another agent", word.Take(SomeWord.Of(Noon.AddSeconds(1), 7, Noon) with { Node = "cp-2" }));
        Assert.Equal(0, word.Pending.Said!.Counts!.Missing);

        word.Told(word.Pending.Said);
        Assert.Equal("not newer than what is known", word.Take(SomeWord.Of(Noon, 7, Noon)));
        Assert.Null(word.Pending.Said);
    }

    /// <summary>Neither a clock that is ahead nor a request of yesterday may speak for the operator of now.</summary>
    [Fact]
    public void WhatIsOfAnotherTimeIsNotTaken()
    {
        Assert.Contains("clocks", word.Take(SomeWord.Of(Noon.AddMinutes(2)))!, StringComparison.Ordinal);
        Assert.Contains("clocks", word.Take(SomeWord.Of(DateTimeOffset.MaxValue.AddDays(-2)))!, StringComparison.Ordinal);
        Assert.Contains("more than an hour ago", word.Take(SomeWord.Of(Noon.AddHours(-2)))!, StringComparison.Ordinal);
        Assert.Null(word.Pending.Said);
        Assert.Null(word.Take(SomeWord.Of(Noon.AddSeconds(30))));
    }

    const long TooMany = 1L << 53;

    public static TheoryData<string, CompletenessHandover> Wrong => new()
    {
        { "counts is not as it must be", SomeWord.Of(Noon) with { Counts = null } },
        { "counts.missingAtLeast is not as it must be", Counts(new(Noon, -1, 0, 0, 0)) },
        { "counts.missingAtLeast is not as it must be", Counts(new(Noon, long.MaxValue, long.MaxValue, 0, 0, Noon, "x")) },
        { "counts.missingAtMost is not as it must be", Counts(new(Noon, 0, TooMany, 0, 0)) },
        { "counts.missingAtMost is not as it must be", Counts(new(Noon, 7, 6, 0, 0, Noon, "x")) },
        { "counts.earlierMissing is not as it must be", Counts(new(Noon, 0, 0, long.MinValue, 0)) },
        { "counts.surplusAtLeast is not as it must be", Counts(new(Noon, 0, 0, 0, TooMany, Noon, "x")) },
        { "counts.foundAt is not as it must be", Counts(new(Noon, 7, 7, 0, 0)) },
        { "counts.foundAt is not as it must be", Counts(new(Noon, 0, 0, 0, 0, Noon, "x")) },
        { "counts.reason is not as it must be", Counts(new(Noon, 7, 7, 0, 0, Noon)) },
        { "counts.reason is not as it must be", Counts(new(Noon, 7, 7, 0, 0, Noon, new string('x', 65))) },
        { "notCompared.reason is not as it must be", SomeWord.Of(Noon) with { NotCompared = new(new string('x', 501), Noon) } },
        { "notCompared.reason is not as it must be", SomeWord.Of(Noon) with { NotCompared = new("", Noon) } },
        { "hash is not a text", SomeWord.Of(Noon) with { Hash = new('a', 65) } },
    };

    [Theory]
    [MemberData(nameof(Wrong), DisableDiscoveryEnumeration = true)]
    public void WhatCannotStandInADigestIsASentence(string sentence, CompletenessHandover handover)
    {
        Assert.StartsWith(sentence, word.Take(handover), StringComparison.Ordinal);
        Assert.Null(word.Pending.Said);
        Assert.Null(word.Status.At);
    }

    [Theory]
    [InlineData("")]
    [InlineData("oops")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"trail":"main","node":"cp-1","at":"yesterday","hash":"h"}""")]
    [InlineData("""{"trail":"main","node":null,"at":"2026-11-26T12:00:00Z","hash":"h"}""")]
    [InlineData(Begin + """ "counts":{"missingAtLeast":1e99}}""")]
    [InlineData(Begin + """ "notCompared":{"reason":"\ud800","since":"2026-11-26T12:00:00Z"}}""")]
    [InlineData(Begin + """ "notCompared":{"reason":null,"since":"2026-11-26T12:00:00Z"}}""")]
    public void WhatIsMalformedIsASentence(string body)
    {
        Assert.StartsWith("not what an operator says of completeness", word.Take(Encoding.UTF8.GetBytes(body)), StringComparison.Ordinal);
        Assert.Null(word.Pending.Said);
    }

    /// <summary>Whatever is taken, a digest with it can be sealed and read.</summary>
    [Fact]
    public void WhateverIsTakenCanBeSealed()
    {
        var random = new Random(5);
        using var key = SigningKey.Generate();
        var taken = 0;
        for (var round = 0; round < 2000; round++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            var said = SomeWord.Of(time.GetUtcNow()) with
            {
                OfAll = random.Next(2) == 0,
                ComparedAt = random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(1L << 47)),
                Counts = random.Next(4) == 0 ? null : new(
                    random.Next(9) == 0 ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue.AddDays(random.Next(700_000)),
                    Number(), Number(), Number(), Number(), random.Next(2) == 0 ? null : Noon, random.Next(2) == 0 ? null : Text()),
                NotCompared = random.Next(2) == 0 ? null : new(Text(), DateTimeOffset.MaxValue),
            };
            if (word.Take(said) is not null)
                continue;
            taken++;
            var json = word.Pending.Said!;
            var digest = ADigest(key) with { Completeness = json };
            var signed = SignedObject.Sign(digest.ToJson(), key).Bytes.ToArray();
            Assert.Equal(json, Digest.Read(SignedObject.Read(signed)).Completeness);
        }

        Assert.InRange(taken, 50, 1950);

        long Number() => random.Next(5) switch
        {
            1 => random.Next(10),
            2 => TooMany - random.Next(3),
            3 => -random.Next(2),
            _ => 0,
        };
        string Text() => random.Next(4) switch
        {
            0 => "RotatedAway",
            1 => new('x', random.Next(600)),
            2 => string.Concat(
                Enumerable.Range(0, random.Next(40))
                    .Select(_ => char.ConvertFromUtf32(random.Next(2) == 0 ? random.Next(0x80) : 0x1f600))),
            _ => "\"\\\u0000\u2028",
        };
    }

    [Fact]
    public void OnlyWhoHasTheTrailsKeyIsHeard()
    {
        var key = Encoding.ASCII.GetBytes(new string('k', 32));
        File.WriteAllBytes(folder.Join("key"), key);
        var page = new CompletenessExchange(word, new StatusKey(folder.Join("key"))).Page!;
        var body = SomeWord.Body(SomeWord.Of(Noon));

        Assert.Equal(("/completeness", 16 << 10), (page.Path, page.LargestBody));
        Assert.Equal(403, Status(null));
        Assert.Equal(403, Status(ExecSignature.Sign(key, LabelsHandover.Purpose, Nonce, body)));
        Assert.Equal(405, page.Answer(new(false, "", Nonce, null, default)).Page.StatusCode);
        Assert.Null(word.Pending.Said);
        Assert.Equal(200, Status(ExecSignature.Sign(key, CompletenessHandover.Purpose, Nonce, body)));
        Assert.Equal(409, Status(ExecSignature.Sign(key, CompletenessHandover.Purpose, Nonce, body)));
        Assert.NotNull(word.Pending.Said);
        Assert.Null(new CompletenessExchange(word, new StatusKey(null)).Page);

        int Status(string? signature) => page.Answer(new ExchangeRequest(true, "", Nonce, signature, body)).Page.StatusCode;
    }

    static CompletenessHandover Counts(CompletenessCounts counts) => SomeWord.Of(Noon) with { Counts = counts };

    static Digest ADigest(SigningKey key) => new()
    {
        Owner = new("prod", "main", "cp-1", "agent"),
        ChainId = new('0', 32),
        Sequence = 1,
        Reason = DigestReason.Start,
        From = Noon,
        Until = Noon,
        NextBy = Noon,
        Key = key.Public,
        AgentVersion = "1",
        Configuration = new(new('1', 64), null, null),
        Objects = [],
        Sources = [],
        Waiting = [],
        WaitingDigests = [],
        Lost = [],
        LostDigests = [],
        Spool = new(0, 0, 0, 0),
    };
}

using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Archive.Tests.Digests;

public sealed class DigestNameTests
{
    const string Digest =
        "digests/cluster=prod/trail=main/date=2026-03-01/node=ip-10-0-0-1.ec2.internal/235959007-agent-2-00000042-0123456789abcdef.json";

    const string Record =
        "keys/cluster=prod/trail=main/node=cp-1/20260301T235959007Z-agent-2-fedcba9876543210-0123456789abcdef.json";

    static readonly DateTimeOffset Time = new(2026, 3, 1, 23, 59, 59, 7, TimeSpan.Zero);

    static readonly DigestName DigestName = new()
    {
        Cluster = "prod",
        Trail = "main",
        Node = "ip-10-0-0-1.ec2.internal",
        SealedAt = Time,
        Chain = "agent-2",
        Sequence = 42,
        Hash = "0123456789abcdef",
    };

    static readonly KeyRecordName RecordName = new()
    {
        Cluster = "prod",
        Trail = "main",
        Node = "cp-1",
        Time = Time,
        Chain = "agent-2",
        KeyId = "fedcba9876543210",
        Hash = "0123456789abcdef",
    };

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("some/prefix/")]
    public void NamesAreWrittenAndReadWhateverStandsBefore(string prefix)
    {
        Assert.True(Archive.Digests.DigestName.TryParse(prefix + Digest, out var digest));
        Assert.True(KeyRecordName.TryParse(prefix + Record, out var record));

        Assert.Equal((DigestName, RecordName), (digest, record));
        Assert.Equal((Digest, Record), (DigestName.ToString(), RecordName.ToString()));
    }

    [Fact]
    public void TheTimeIsInUtcWhereverItWas()
    {
        var there = Time.ToOffset(TimeSpan.FromHours(14));

        Assert.Equal((Digest, Record), ((DigestName with { SealedAt = there }).ToString(), (RecordName with { Time = there }).ToString()));
    }

    [Theory]
    [InlineData("2026-03-01", "2026-02-30")]
    [InlineData("235959007", "245959007")]
    [InlineData("235959007", "٢35959007")]
    [InlineData("00000042", "42")]
    [InlineData("00000042", "99999999999999999999")]
    [InlineData("agent-2", "Agent")]
    [InlineData("0123456789abcdef", "0123456789ABCDEF")]
    [InlineData(".json", ".json\n")]
    [InlineData(".json", ".json.tmp")]
    [InlineData("digests/", "xdigests/")]
    [InlineData("digests/", "events/")]
    public void WhatIsNoDigestIsRefused(string part, string instead) =>
        Assert.False(Archive.Digests.DigestName.TryParse(Digest.Replace(part, instead, StringComparison.Ordinal), out _));

    [Theory]
    [InlineData("20260301T", "20260230T")]
    [InlineData("235959007Z", "235959007")]
    [InlineData("fedcba9876543210", "fedc")]
    [InlineData("keys/", "xkeys/")]
    [InlineData("node=cp-1/", "node=cp-1/more/")]
    [InlineData(".json", "")]
    public void WhatIsNoKeyRecordIsRefused(string part, string instead) =>
        Assert.False(KeyRecordName.TryParse(Record.Replace(part, instead, StringComparison.Ordinal), out _));
}

namespace ClusterTrail.Archive.Tests;

public sealed class BatchNameTests
{
    const string Text =
        "events/cluster=prod/trail=main/date=2026-03-01/node=cp-1/235959007-apiserver-00000042-0123456789abcdef.ndjson.zst.cms";

    static readonly BatchName Name = new()
    {
        Cluster = "prod",
        Trail = "main",
        FirstEvent = new(2026, 3, 1, 23, 59, 59, 7, TimeSpan.Zero),
        Node = "cp-1",
        Source = "apiserver",
        Sequence = 42,
        Hash = "0123456789abcdef",
        Codec = Codec.Zstd,
        Encrypted = true,
    };

    [Fact]
    public void ANameIsAPathOfPartitionsAndWhatTellsTheBatch()
    {
        var plain = Name with { Encrypted = false };

        Assert.Equal(Text, Name.ToString());
        Assert.Equal(Text[..^".cms".Length], plain.ToString());
    }

    [Theory]
    [InlineData(Codec.Zstd, ".ndjson.zst")]
    [InlineData(Codec.Gzip, ".ndjson.gz")]
    public void TheEndingTellsTheCodec(Codec codec, string ending)
    {
        var name = Name with { Codec = codec, Encrypted = false };

        Assert.EndsWith($"-0123456789abcdef{ending}", name.ToString(), StringComparison.Ordinal);
        Assert.True(BatchName.TryParse(name.ToString(), out var plain));
        Assert.True(BatchName.TryParse($"{name}.cms", out var encrypted));
        Assert.Equal([name, name with { Encrypted = true }], [plain, encrypted]);
    }

    [Fact]
    public void TheTimeIsInUtcWhereverItHappened()
    {
        var elsewhere = Name with { FirstEvent = Name.FirstEvent.ToOffset(TimeSpan.FromHours(14)) };

        Assert.Equal(Text, elsewhere.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("some/prefix/")]
    [InlineData("events/more/")]
    public void ANameIsReadWhateverStandsBefore(string prefix)
    {
        var read = BatchName.TryParse(prefix + Text, out var batch);

        Assert.True(read);
        Assert.Equal(Name, batch);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99_999_999)]
    [InlineData(100_000_000)]
    [InlineData(long.MaxValue)]
    public void EverySequenceComesBack(long sequence)
    {
        var name = Name with { Sequence = sequence, Source = "audit-log-2", Node = "ip-10-0-0-1.ec2.internal" };

        Assert.True(BatchName.TryParse(name.ToString(), out var batch));

        Assert.Equal(name, batch);
    }

    [Theory]
    [InlineData("date=2026-03-01", "date=2026-02-30")]
    [InlineData("235959007", "245959007")]
    [InlineData("235959007", "٢35959007")]
    [InlineData("00000042", "42")]
    [InlineData("00000042", "99999999999999999999")]
    [InlineData("0123456789abcdef", "0123456789ABCDEF")]
    [InlineData("0123456789abcdef", "0123")]
    [InlineData(".ndjson.zst.cms", ".ndjson")]
    [InlineData(".ndjson.zst.cms", ".ndjson.cms")]
    [InlineData(".ndjson.zst.cms", ".ndjson.xz.cms")]
    [InlineData(".ndjson.zst.cms", ".ndjson.gz.zst")]
    [InlineData(".ndjson.zst.cms", ".ndjson.zst.cms.tmp")]
    [InlineData(".ndjson.zst.cms", ".ndjson.zst.cms\n")]
    [InlineData("events/", "digests/")]
    [InlineData("events/", "xevents/")]
    [InlineData("cluster=prod", "cluster=")]
    [InlineData("trail=main/", "")]
    [InlineData("node=cp-1/", "node=cp-1/more/")]
    public void WhatIsNoBatchIsRefused(string part, string instead)
    {
        var read = BatchName.TryParse(Text.Replace(part, instead, StringComparison.Ordinal), out _);

        Assert.False(read);
    }
}

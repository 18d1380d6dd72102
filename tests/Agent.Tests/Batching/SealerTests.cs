using System.Security.Cryptography;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Batching;

public sealed class SealerTests : IDisposable
{
    static readonly SourceProgress End = new() { Files = [new(Some.Position.File.ToString(), 30, 30, false)] };

    readonly ManualTime time = new();
    readonly OpenBatch batch;

    public SealerTests() => batch = new(new(), time);

    public void Dispose() => batch.Dispose();

    [Fact]
    public void ASealedBatchIsTheRecordsCompressed()
    {
        Fill();

        var sealedBatch = new Sealer(Some.Origin, null, time).Seal(batch, "apiserver", 7, End);

        Assert.Equal("a\nb\n", PlainBatch.TextOf(sealedBatch.Content));
    }

    [Fact]
    public void ItsHeaderTellsAllOfIt()
    {
        Fill();
        time.Advance(TimeSpan.FromMinutes(3));

        var (header, content, _) = new Sealer(Some.Origin, null, time).Seal(batch, "apiserver", 7, End);

        Assert.Equal(
            new()
            {
                Name = "events/cluster=prod/trail=main/date=2026-11-21/node=cp-1/"
                    + $"235959123-apiserver-00000007-{HashOf(content)[..16]}.ndjson.zst",
                Source = "apiserver",
                Sequence = 7,
                Events = 2,
                RecordBytes = 4,
                FirstEvent = new(2026, 11, 21, 23, 59, 59, 123, 456, TimeSpan.Zero),
                LastEvent = new(2026, 11, 22, 0, 0, 1, TimeSpan.Zero),
                Sha256 = HashOf(content),
                PlainSha256 = HashOf(content),
                FirstPosition = "0123456789abcdeffedcba9876543210:10",
                LastPosition = "0123456789abcdeffedcba9876543210:20",
                SealedAt = time.GetUtcNow(),
            },
            header);
    }

    [Fact]
    public void ItsNameTellsItsCodec()
    {
        using var gzip = new OpenBatch(new() { Type = CompressionType.Gzip }, time);
        gzip.Add("a\n"u8, Some.Position, "2026-11-21T23:59:59.123456Z"u8);

        var (header, content, _) = new Sealer(Some.Origin, null, time).Seal(gzip, "apiserver", 7, End);

        Assert.EndsWith(".ndjson.gz", header.Name, StringComparison.Ordinal);
        Assert.Equal(Codec.Gzip, Codecs.Of(content));
    }

    [Fact]
    public void TheSameRecordsHaveTheSameNameWheneverTheyAreSealed()
    {
        Fill();
        var first = new Sealer(Some.Origin, null, time).Seal(batch, "apiserver", 7, End);
        batch.Clear();
        time.Advance(TimeSpan.FromDays(400));
        Fill();

        var second = new Sealer(Some.Origin, null, time).Seal(batch, "apiserver", 7, End);

        Assert.Equal(first.Header.Name, second.Header.Name);
        Assert.Equal(first.Content, second.Content);
    }

    [Fact]
    public void AnEncryptedBatchIsNamedByWhatIsStoredAndOpensToWhatWasSealed()
    {
        var keys = KeyPair.GenerateP256();
        using var key = RecipientKey.FromPem(keys.PrivatePem);
        Fill();

        var (header, content, _) = new Sealer(Some.Origin, new Envelope([Recipient.FromPem(keys.PublicPem)]), time).Seal(
            batch, "apiserver", 7, End);

        var plain = EnvelopeReader.Open(content, key);
        Assert.Equal((HashOf(content), HashOf(plain)), (header.Sha256, header.PlainSha256));
        Assert.Equal("a\nb\n", PlainBatch.TextOf(plain));
        Assert.True(BatchName.TryParse(header.Name, out var name));
        Assert.Equal((true, Codec.Zstd, HashOf(content)[..16]), (name.Encrypted, name.Codec, name.Hash));
    }

    void Fill()
    {
        batch.Add("a\n"u8, Some.Position with { Offset = 10 }, "2026-11-21T23:59:59.123456Z"u8);
        batch.Add("b\n"u8, Some.Position with { Offset = 20 }, "2026-11-22T00:00:01.000000Z"u8);
    }

    static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

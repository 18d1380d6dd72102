using ClusterTrail.Archive;
using ClusterTrail.Archive.Sealing;

namespace ClusterTrail.Kubectl.Tests.Cat;

public sealed class DamageTests : IDisposable
{
    readonly ArchiveFolder archive = new();
    readonly KeyPair pair = KeyPair.GenerateP256();

    public void Dispose() => archive.Dispose();

    [Fact]
    public async Task AChangedObjectIsToldAndNoneOfItIsPrinted()
    {
        var changed = Some.Sealed(pair, Some.Record());
        changed[^40] ^= 1;
        var file = archive.Add(Some.Batch(encrypted: true), changed);

        var outcome = await CommandLine.RunAsync("cat", file, "--key", archive.AddKey(pair));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(outcome.Output);
        Assert.Contains($"{file} cannot be decrypted: it was changed after it was encrypted", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public async Task ATruncatedObjectIsToldWhereverItIsCut(Codec codec)
    {
        var whole = Some.Compressed(codec, Some.Record(), Some.Record("bob"));
        archive.Add(Some.Batch(sequence: 2), Some.Zstd(Some.Record("after")));

        for (var length = 0; length < whole.Length; length++)
        {
            var file = archive.Add(Some.Batch(codec: codec), whole[..length]);
            var outcome = await CommandLine.RunAsync("cat", archive.Path);

            Assert.Equal(1, outcome.ExitCode);
            Assert.StartsWith($"kubectl trail: {file} is damaged: ", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(Some.Record("after"), outcome.Lines[^1]);
        }
    }

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public async Task NoDamageToAnObjectGoesUnnoticed(Codec codec)
    {
        var whole = Some.Compressed(codec, Some.Record(), Some.Record("bob"));

        // Of gzip's header the time, flags and system, before byte 10, may be anything.
        for (var i = codec == Codec.Gzip ? 10 : 0; i < whole.Length; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 0x10;
            var outcome = await CommandLine.RunAsync("cat", archive.Add(Some.Batch(codec: codec), damaged));

            // The last block is padded to a byte with bits that mean nothing.
            if (outcome.ExitCode == 0)
                Assert.Equal([Some.Record(), Some.Record("bob")], outcome.Lines);
            else
                Assert.Matches("^(kubectl trail: [^\n]+ is damaged: [^\n]+[.]\n){1,2}$", outcome.Error); // also of a line that came out
        }
    }

    [Theory]
    [InlineData(Codec.Zstd)]
    [InlineData(Codec.Gzip)]
    public async Task WhatFollowsAnObjectIsTold(Codec codec)
    {
        var file = archive.Add(Some.Batch(codec: codec), [.. Some.Compressed(codec, Some.Record()), 1, 2, 3, 4]);

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal([Some.Record()], outcome.Lines);
    }

    [Theory]
    [InlineData(Codec.Zstd, "it is gzip, and its name says zstd; give its name the ending .ndjson.gz")]
    [InlineData(Codec.Gzip, "it is zstd, and its name says gzip; give its name the ending .ndjson.zst")]
    public async Task AnObjectWithTheNameOfTheOtherCodecIsTold(Codec named, string wrong)
    {
        var body = Some.Compressed(named == Codec.Zstd ? Codec.Gzip : Codec.Zstd, Some.Record());
        var file = archive.Add(Some.Batch(codec: named), body);

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal((1, "", $"kubectl trail: {file} is damaged: {wrong}.\n"), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":\"\u0007\"}")]
    public async Task ALineThatIsNotAJsonObjectIsLeftOutAndTold(string bad)
    {
        var file = archive.Add(Some.Batch(), Some.Zstd(Some.Record(), bad, Some.Record("bob"), bad));

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal([Some.Record(), Some.Record("bob")], outcome.Lines);
        Assert.Equal($"kubectl trail: {file} is damaged: line 2 and 1 more are not JSON and skipped.\n", outcome.Error);
    }
}

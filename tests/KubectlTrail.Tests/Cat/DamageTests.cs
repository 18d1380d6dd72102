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

    [Fact]
    public async Task ATruncatedObjectIsToldWhereverItIsCut()
    {
        var whole = Some.Gzip(Some.Record(), Some.Record("bob"));
        archive.Add(Some.Batch(sequence: 2), Some.Gzip(Some.Record("after")));

        for (var length = 0; length < whole.Length; length++)
        {
            var file = archive.Add(Some.Batch(), whole[..length]);
            var outcome = await CommandLine.RunAsync("cat", archive.Path);

            Assert.Equal(1, outcome.ExitCode);
            Assert.StartsWith($"kubectl trail: {file} is damaged: ", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(Some.Record("after"), outcome.Lines[^1]);
        }
    }

    [Fact]
    public async Task NoDamageToAnObjectGoesUnnoticed()
    {
        var whole = Some.Gzip(Some.Record(), Some.Record("bob"));

        // The header's time, flags and system, before byte 10, may be anything.
        for (var i = 10; i < whole.Length; i++)
        {
            var damaged = whole.ToArray();
            damaged[i] ^= 0x10;
            var outcome = await CommandLine.RunAsync("cat", archive.Add(Some.Batch(), damaged));

            // The last block is padded to a byte with bits that mean nothing.
            if (outcome.ExitCode == 0)
                Assert.Equal([Some.Record(), Some.Record("bob")], outcome.Lines);
            else
                Assert.Matches("^kubectl trail: [^\n]+ is damaged: [^\n]+[.]\n$", outcome.Error);
        }
    }

    [Fact]
    public async Task WhatFollowsAGzipIsTold()
    {
        var file = archive.Add(Some.Batch(), [.. Some.Gzip(Some.Record()), 1, 2, 3, 4]);

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal([Some.Record()], outcome.Lines);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":")]
    [InlineData("{\"a\":\"\u0007\"}")]
    public async Task ALineThatIsNotAJsonObjectIsLeftOutAndTold(string bad)
    {
        var file = archive.Add(Some.Batch(), Some.Gzip(Some.Record(), bad, Some.Record("bob"), bad));

        var outcome = await CommandLine.RunAsync("cat", file);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal([Some.Record(), Some.Record("bob")], outcome.Lines);
        Assert.Equal($"kubectl trail: {file} is damaged: line 2 and 1 more are not JSON and skipped.\n", outcome.Error);
    }
}

using System.IO.Compression;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class FirstLineTests
{
    readonly InMemoryLogFiles files = new();

    [Fact]
    public void ItIsTheSameForACopyThatIsLongerAndForOneBehindAHole()
    {
        var line = Of("{\"a\":1}\n", isWhole: false);

        Assert.Equal(line!.Root, Of("{\"a\":1}\n{\"a\":2}\n", isWhole: false)!.Root);
        Assert.Equal(line.Root, Of("\0\0\0\r\n{\"a\":1}\n", isWhole: false)!.Root);
        Assert.NotEqual(line.Root, Of("{\"a\":2}\n", isWhole: false)!.Root);
    }

    [Fact]
    public void ALineWithoutAnEndTellsNothingUntilItsFileIsWhole()
    {
        Assert.Null(Of("{\"a\":1}", isWhole: false));
        Assert.Null(Of("", isWhole: true));
        Assert.Null(Of("\0\0", isWhole: true));
        Assert.Equal(Of("{\"a\":1}\n", isWhole: false)!.Root, Of("{\"a\":1}", isWhole: true)!.Root);
    }

    [Theory]
    [InlineData("\0\0\0a1\n", "\0\0\0a1\na2\n", true)]
    [InlineData("\0\0\0a1\n", "\0\0\0\0\0\0\0b1\n", false)]
    [InlineData("a1\n", "a1\na2\n", true)]
    [InlineData("a1\n", "b1\n", false)]
    [InlineData("a1\na2\n", "a1\n", false)]
    public void ItTellsAnotherContentInTheSameFile(string before, string now, bool isSame)
    {
        var line = Of(before, isWhole: false);
        Create(now);
        using var file = files.Open("audit.log")!;

        Assert.Equal(isSame, line!.IsStillOf(file));
    }

    [Fact]
    public void WhatIsCompressedIsReadOnceHoweverManyNulsItBeginsWith()
    {
        const string Line = "{\"stageTimestamp\":\"2026-11-22T05:00:00.000000Z\"}";
        files.Create("audit.log");
        files.Append("audit.log", DiskLog.Gzip(new string('\0', 16 << 20) + Line + '\n'));
        using var file = new CountingFile(files.Open("audit.log")!);
        using var text = new CompressedLogFile(file, stream => new GZipStream(stream, CompressionMode.Decompress));

        var first = FirstLine.Read(text, isWhole: false);

        Assert.Equal((16 << 20, Of(Line + "\n", isWhole: false)!.Root), (first!.Start, first.Root));
        Assert.NotNull(first.EventAt);
        Assert.InRange(file.BytesRead, 1, file.Length);
    }

    FirstLine? Of(string text, bool isWhole)
    {
        Create(text);
        using var file = files.Open("audit.log")!;
        return FirstLine.Read(file, isWhole);
    }

    void Create(string text)
    {
        files.Create("audit.log");
        files.Append("audit.log", System.Text.Encoding.UTF8.GetBytes(text));
    }

    sealed class CountingFile(ILogFile file) : ILogFile
    {
        public long BytesRead { get; private set; }

        public FileNumber Number => file.Number;

        public long Length => file.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            var read = file.Read(buffer, offset);
            BytesRead += read;
            return read;
        }

        public long NextData(long offset) => file.NextData(offset);

        public void Dispose() => file.Dispose();
    }
}

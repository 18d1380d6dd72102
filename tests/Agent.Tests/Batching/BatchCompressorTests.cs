using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Batching;
using ClusterTrail.Archive;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Batching;

public sealed class BatchCompressorTests
{
    public static TheoryData<CompressionType, int?> Levels =>
    [
        .. from type in Enum.GetValues<CompressionType>()
           from level in new int?[] { null, CompressionConfiguration.MinLevel, 3, 5, CompressionConfiguration.MaxLevel }
           select (type, level),
    ];

    [Theory]
    [MemberData(nameof(Levels))]
    public void ABatchIsWhatWasWritten(CompressionType type, int? level)
    {
        using var compressor = BatchCompressor.Of(new() { Type = type, Level = level });
        var lines = RealLog.Lines.Take(200).Select(line => Encoding.UTF8.GetString(line) + "\n").ToList();

        var body = Compress(compressor, lines);

        Assert.Equal(type == CompressionType.Zstd ? Codec.Zstd : Codec.Gzip, compressor.Codec);
        Assert.Equal(compressor.Codec, Codecs.Of(body));
        Assert.Equal(string.Concat(lines), PlainBatch.TextOf(body));
        Assert.InRange(body.Length, 1, lines.Sum(line => line.Length) / 4);
    }

    [Theory]
    [InlineData(CompressionType.Zstd)]
    [InlineData(CompressionType.Gzip)]
    public void RecordsOfEverySizeAreKept(CompressionType type)
    {
        using var compressor = BatchCompressor.Of(new() { Type = type });
        // Digits at random: they stay larger than any buffer.
        var random = new Random(20261126);
        int[] sizes = [0, 1, 2, 1000, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 128 << 10, 5_000_000, 1, (2 << 20) + 1];
        var records = sizes.Select(size => string.Concat(Enumerable.Range(0, size).Select(_ => (char)random.Next('0', 'z')))).ToList();

        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(string.Concat(records), PlainBatch.TextOf(Compress(compressor, records)));
            records.Reverse();
        }
    }

    [Theory]
    [InlineData(CompressionType.Zstd)]
    [InlineData(CompressionType.Gzip)]
    public void EndingTwiceChangesNothing(CompressionType type)
    {
        using var compressor = BatchCompressor.Of(new() { Type = type });
        compressor.Write("a\n"u8);
        var once = compressor.End().ToArray();

        Assert.Equal(once, compressor.End());
        Assert.Equal("a\n", PlainBatch.TextOf(once));
    }

    [Theory]
    [InlineData(CompressionType.Zstd, 3 << 20)]
    [InlineData(CompressionType.Zstd, 3 * ZstdCompressor.PieceBytes)]
    [InlineData(CompressionType.Gzip, 3 << 20)]
    public void WhatWasDroppedLeavesNothingBehind(CompressionType type, int bytes)
    {
        using var compressor = BatchCompressor.Of(new() { Type = type });
        compressor.Write(new byte[bytes]);
        compressor.Clear();

        Assert.Equal("kept\n", PlainBatch.TextOf(Compress(compressor, ["kept\n"])));
    }

    [Fact]
    public void ABatchOfSeveralPiecesComesOutAsItWentIn()
    {
        using var compressor = BatchCompressor.Of(new());
        var record = string.Concat(Enumerable.Range(0, 100_000).Select(number => $"{number} ")) + "\n";
        var records = Enumerable.Repeat(record, 3 * ZstdCompressor.PieceBytes / record.Length + 1).ToList();

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(string.Concat(records), PlainBatch.TextOf(Compress(compressor, records)));
            compressor.Clear();
        }
    }

    [Theory]
    [InlineData(ZstdCompressor.PieceBytes - 1)]
    [InlineData(ZstdCompressor.PieceBytes)]
    [InlineData(ZstdCompressor.PieceBytes + 1)]
    [InlineData(3 * ZstdCompressor.PieceBytes + 1)]
    public void ABatchIsOneZstdFrameThatEveryDecoderTakes(int bytes)
    {
        using var compressor = BatchCompressor.Of(new());
        compressor.Write(RandomNumberGenerator.GetBytes(bytes));
        var frame = compressor.End().ToArray();

        // RFC 8878, 3.1.1.1.1: no single segment, a checksum, no dictionary; then the window.
        Assert.Equal(0b0000_0100, frame[4] & 0b0010_0111);
        Assert.Equal(ZstdCompressor.WindowLog, 10 + (frame[5] >> 3));
        Assert.InRange(ZstdCompressor.WindowLog, 10, 23);
        Assert.Equal(frame.Length, LengthOfFirstFrame(frame));
    }

    // RFC 8878, 3.1.1: blocks follow the header, the last has its first bit set; then comes the checksum.
    static int LengthOfFirstFrame(byte[] frame)
    {
        var (at, isLast) = (6, false);
        while (!isLast)
        {
            var header = frame[at] | frame[at + 1] << 8 | frame[at + 2] << 16;
            isLast = (header & 1) == 1;
            var isRepeated = (header >> 1 & 3) == 1;
            at += 3 + (isRepeated ? 1 : header >> 3);
        }

        return at + 4;
    }

    static byte[] Compress(BatchCompressor compressor, IReadOnlyList<string> records)
    {
        foreach (var record in records)
        {
            compressor.Write(Encoding.UTF8.GetBytes(record));
        }

        var body = compressor.End().ToArray();
        compressor.Clear();
        return body;
    }
}

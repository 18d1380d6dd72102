using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class LineReaderTests
{
    const int Limit = 300_000;

    readonly InMemoryLogFiles files = new();

    public LineReaderTests() => files.Create("audit.log");

    // Random lengths around the block's and the limit's, appended in random pieces.
    [Fact]
    public void EveryLineComesOnceWithItsOffsetHoweverItIsWritten()
    {
        var random = new Random(7);
        var lines = Enumerable.Range(0, 60).Select(_ => new string((char)random.Next('a', 'z'), random.Next(4) switch { 0 => 0, 1 => random.Next(50), 2 => random.Next(200_000), _ => Limit - 2 + random.Next(5) })).ToList();
        var text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        using var file = files.Open("audit.log")!;
        using var reader = new LineReader(file, 0, Limit);
        var offset = 0L;
        var next = 0;

        for (var written = 0; written < text.Length;)
        {
            var piece = Math.Min(random.Next(1, 400_000), text.Length - written);
            files.Append("audit.log", text.AsSpan(written, piece));
            written += piece;
            while (TryRead(reader, out var line))
            {
                var expected = lines[next++];
                Assert.Equal(offset, line.Offset);
                Assert.Equal(expected.Length > Limit, line.Oversized is not null);
                Assert.Equal(expected.Length > Limit ? expected[..4096] : expected, Encoding.UTF8.GetString(line.Text));
                if (line.Oversized is { } oversized)
                {
                    Assert.Equal(expected.Length, oversized.Bytes);
                    Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(expected)), oversized.Sha256);
                }

                offset += expected.Length + 1;
                Assert.Equal(offset, reader.Offset);
            }
        }

        Assert.Equal(lines.Count, next);
        Assert.False(reader.HasTail);
    }

    [Fact]
    public void WhatIsUnfilledIsReadAgain()
    {
        files.Append("audit.log", "a\nb"u8);
        using var file = files.Open("audit.log")!;
        using var reader = new LineReader(file, 0, Limit);

        reader.Unfill(reader.Fill());

        Assert.Equal(0, reader.ReadOffset);
        Assert.True(TryRead(reader, out var line));
        Assert.Equal("a", Encoding.UTF8.GetString(line.Text));
        Assert.True(reader.HasTail);
    }

    static bool TryRead(LineReader reader, out RawLine line)
    {
        while (!reader.TryTake(out line))
        {
            if (reader.Fill() == 0)
            {
                return false;
            }
        }

        return true;
    }
}

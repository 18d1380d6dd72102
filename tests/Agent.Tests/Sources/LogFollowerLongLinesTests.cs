using System.Security.Cryptography;
using System.Text;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Lines longer than <c>maxEventBytes</c>.</summary>
public sealed class LogFollowerLongLinesTests : IDisposable
{
    const string Rotated = "audit-2026-11-22T05-00-00.000.log";

    readonly DiskLog log = new();

    public void Dispose() => log.Dispose();

    [Fact]
    public void OfALineOverTheLimitHashSizeAndHeadAreKept()
    {
        log.Configuration = log.Configuration with { MaxEventBytes = 10_000 };
        var line = string.Concat(Enumerable.Range(0, 200_000).Select(number => $"{number},"));
        log.Append("a1\n" + line[..500_000]);
        Assert.Equal("a1", log.Read());
        log.Append(line[500_000..] + "\na2\n");

        Assert.Equal($"{line[..4096]} a2", log.Read());

        var oversized = Assert.Single(log.Oversized);
        Assert.Equal(line.Length, oversized.Bytes);
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(line)), oversized.Sha256);
    }

    [Fact]
    public void ALineOverTheLimitAtTheEndOfARotatedFileIsKeptToo()
    {
        log.Configuration = log.Configuration with { MaxEventBytes = 10_000 };
        log.Append("a1\n" + new string('x', 700_000));
        Assert.Equal("a1", log.Read());
        log.Rotate(Rotated, "b1\n");

        Assert.Contains("b1", log.ReadSettled());

        Assert.Equal(700_000, Assert.Single(log.Oversized).Bytes);
    }

    [Theory]
    [InlineData(10_000, 0)]
    [InlineData(10_001, 1)]
    public void ALineOfExactlyTheLimitIsKeptWhole(int bytes, int oversized)
    {
        log.Configuration = log.Configuration with { MaxEventBytes = 10_000 };
        log.Append(new string('x', bytes) + "\n");

        Assert.Equal(oversized == 0 ? bytes : 4096, log.Read().Length);
        Assert.Equal(oversized, log.Oversized.Count);
    }

    [Theory]
    [InlineData(8192, 4096)]
    [InlineData(4096, 8192)]
    public void ALongLineIsKnownAgainWhateverTheLimitIs(int before, int after)
    {
        var text = $"a1\n{new string('x', 6000)}\na2\n";
        log.Configuration = log.Configuration with { MaxEventBytes = before };
        log.Append(text + "a3\n");
        Assert.EndsWith(" a2 a3", log.Read(), StringComparison.Ordinal);
        using (var file = new FileStream(log.Live, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(text.Length);
        }

        log.Configuration = log.Configuration with { MaxEventBytes = after };
        log.Restart();
        log.Append("b1\n");

        Assert.Equal("b1", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }
}

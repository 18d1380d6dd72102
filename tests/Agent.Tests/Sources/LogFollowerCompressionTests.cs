using System.Text;
using ZstdSharp;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Compressed files that are in the making, were left unfinished, or grow.</summary>
public sealed class LogFollowerCompressionTests : IDisposable
{
    const string Rotated = "audit-2026-11-22T05-00-00.000.log";

    static readonly string[] Lines = [.. Noise(20_000)];
    static readonly string Text = string.Join('\n', Lines) + '\n';

    readonly DiskLog log = new();

    public void Dispose() => log.Dispose();

    // Cut in the magic number, in the first line, behind it, in the midst, in the trailer.
    [Theory]
    [InlineData(".gz", false)]
    [InlineData(".gz", true)]
    [InlineData(".zst", false)]
    [InlineData(".zst", true)]
    public void OneInTheMakingIsReadOnceAndNoGap(string ending, bool isRestarted)
    {
        var whole = Compress(ending, Text);
        log.Append("live\n");
        var read = new List<string>();
        int[] lengths = [1, 5, 12, 1000, whole.Length / 3, whole.Length / 2, whole.Length - 9, whole.Length - 4, whole.Length - 1, whole.Length];
        foreach (var length in lengths)
        {
            File.WriteAllBytes(log.Join(Rotated + ending), whole[..length]);
            read.Add(log.Read());
            if (isRestarted)
            {
                log.Restart();
            }
        }

        read.Add(log.ReadSettled());

        Assert.Equal(Lines.Append("live").Order(), Words(read).Order());
        Assert.Empty(log.Gaps);
    }

    [Theory]
    [InlineData(".gz")]
    [InlineData(".zst")]
    public void OneThatRestedWhenItWasCutOffIsReadOnWhenItIsWhole(string ending)
    {
        var whole = Compress(ending, Text);
        log.Append("live\n");
        var read = new List<string>();
        foreach (var length in new[] { 1000, whole.Length / 2, whole.Length })
        {
            File.WriteAllBytes(log.Join(Rotated + ending), whole[..length]);
            log.Time.Advance(TimeSpan.FromSeconds(11));
            read.Add(log.ReadSettled());
            log.Restart();
        }

        read.Add(log.ReadSettled());

        Assert.Equal(Lines.Append("live").Order(), Words(read).Order());
    }

    [Theory]
    [InlineData(".gz", 0)]
    [InlineData(".gz", 90)]
    [InlineData(".zst", 0)]
    [InlineData(".zst", 90)]
    public void WhatIsAddedToOneIsReadToo(string ending, int secondsLater)
    {
        File.WriteAllBytes(log.Join(Rotated + ending), Compress(ending, "a1\na2\n"));
        log.Append("b1\n");
        Assert.Equal("a1 a2 b1", log.Read());
        log.Time.Advance(TimeSpan.FromSeconds(secondsLater));
        log.Read();

        using (var file = new FileStream(log.Join(Rotated + ending), FileMode.Append))
        {
            file.Write(Compress(ending, "a3\n"));
        }

        Assert.Equal("a3", log.ReadSettled());
        Assert.Empty(log.Gaps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OneThatWasLeftUnfinishedBesideThePlainFileIsNoGap(bool isReadBefore)
    {
        File.WriteAllText(log.Join(Rotated), Text);
        log.Append("live\n");
        var read = new List<string> { isReadBefore ? log.ReadSettled() : "" };
        var gzip = DiskLog.Gzip(Text);
        File.WriteAllBytes(log.Join(Rotated + ".gz"), gzip[..(gzip.Length / 2)]);

        read.Add(log.ReadSettled());
        log.Restart();
        read.Add(log.ReadSettled());

        Assert.Equal(Lines.Append("live"), Words(read));
        Assert.Empty(log.Gaps);
    }

    [Fact]
    public void EachDamagedOneIsAGapThoughTheyHaveOneInodeInTurn()
    {
        log.Append("live\n");
        for (var hour = 0; hour < 3; hour++)
        {
            var path = log.Join($"audit-2026-11-22T0{hour}-00-00.000.log.gz");
            File.WriteAllText(path, "this is no gzip file");
            log.ReadSettled();
            log.Time.Advance(TimeSpan.FromSeconds(11));
            log.ReadSettled();
            File.Delete(path);
        }

        Assert.Equal(3, log.Gaps.Count);
    }

    static IEnumerable<string> Noise(int count)
    {
        var random = new Random(3);
        return Enumerable.Range(0, count).Select(number => $"a{number}-{random.NextInt64():x}{random.NextInt64():x}");
    }

    static string[] Words(IEnumerable<string> read) => string.Join(' ', read).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    static byte[] Compress(string ending, string text)
    {
        if (ending == ".gz")
        {
            return DiskLog.Gzip(text);
        }

        using var compressor = new Compressor();
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }
}

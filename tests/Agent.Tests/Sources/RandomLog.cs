using System.Globalization;
using System.IO.Compression;
using System.Text;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>A writer and a rotation that do as they like, in memory.</summary>
sealed class RandomLog(Random random, ManualTime time, Func<int, string> makeLine)
{
    const string Live = "audit.log";

    readonly bool isNumbered = random.Next(2) == 0;
    string partial = "";

    public InMemoryLogFiles Files { get; } = new();

    /// <summary>How many lines were written, the last perhaps in part.</summary>
    public int Written { get; private set; }

    public void Write()
    {
        CompletePart();
        EnsureLive();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            Files.Append(Live, Encoding.UTF8.GetBytes(NextLine()));
        }
    }

    public void WritePart()
    {
        CompletePart();
        EnsureLive();
        var line = NextLine();
        var cut = random.Next(1, line.Length);
        Files.Append(Live, Encoding.UTF8.GetBytes(line[..cut]));
        partial = line[cut..];
    }

    // A writer ends its line before anything else happens to its file: a line is one write().
    public void CompletePart()
    {
        if (partial.Length > 0)
        {
            Files.Append(Live, Encoding.UTF8.GetBytes(partial));
            partial = "";
        }
    }

    public void Rotate()
    {
        if (Files.Exists(Live))
        {
            CompletePart();
            Files.Rename(Live, RotatedName());
            Files.Create(Live);
        }
    }

    public void CopyTruncate()
    {
        if (Files.Exists(Live) && Files.ContentOf(Live).Length > 0)
        {
            CompletePart();
            Files.Copy(Live, RotatedName());
            Files.Truncate(Live);
        }
    }

    public void Compress()
    {
        if (Rotated().FirstOrDefault(name => !Files.Exists(name + ".gz")) is { } name)
        {
            Files.Compress(name);
        }
    }

    public void RemoveCompressed()
    {
        if (Rotated().FirstOrDefault(name => Files.Exists(name + ".gz")) is { } name)
        {
            Files.Delete(name);
        }
    }

    public void DeleteOldest()
    {
        if (Files.Rotated is [var oldest, ..])
        {
            Files.Delete(oldest);
        }
    }

    public void DeleteLive()
    {
        if (Files.Exists(Live))
        {
            CompletePart();
            Files.Delete(Live);
        }
    }

    /// <summary>The plain text of all files there are, by name.</summary>
    public IEnumerable<(string Name, string Text)> Contents() => Files.Names.Order().Select(name => (name, Encoding.UTF8.GetString(PlainOf(name))));

    byte[] PlainOf(string name)
    {
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return Files.ContentOf(name);
        }

        using var gzip = new GZipStream(new MemoryStream(Files.ContentOf(name)), CompressionMode.Decompress);
        var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    string NextLine() => makeLine(++Written) + "\n";

    void EnsureLive()
    {
        if (!Files.Exists(Live))
        {
            Files.Create(Live);
        }
    }

    // As lumberjack names it, or as logrotate does: audit.log.1, with all older ones moved up by one.
    string RotatedName()
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        if (!isNumbered)
        {
            return string.Create(CultureInfo.InvariantCulture, $"audit-{time.GetUtcNow():yyyy-MM-ddTHH-mm-ss.fff}.log");
        }

        for (var number = 100; number > 0; number--)
        {
            foreach (var suffix in new[] { "", ".gz" }.Where(suffix => Files.Exists($"{Live}.{number}{suffix}")))
            {
                Files.Rename($"{Live}.{number}{suffix}", $"{Live}.{number + 1}{suffix}");
            }
        }

        return $"{Live}.1";
    }

    IEnumerable<string> Rotated() => Files.Rotated.Where(name => !name.EndsWith(".gz", StringComparison.Ordinal));
}

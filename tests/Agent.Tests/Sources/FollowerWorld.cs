using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>A writer, a rotation, a follower that crashes, and the model they are held to.</summary>
sealed partial class FollowerWorld(Random random, bool deletes) : IDisposable
{
    const string Live = "audit.log";

    readonly InMemoryLogFiles files = new();
    readonly ManualTime time = new();
    readonly List<string> delivered = [];
    readonly List<string> sinceCheckpoint = [];
    readonly List<string> trace = [];
    readonly bool isNumbered = random.Next(2) == 0;
    SourceProgress? checkpoint;
    LogFollower? follower;
    string partial = "";
    int written;

    public int Gaps { get; private set; }

    /// <summary>Does one thing at random.</summary>
    public void Act()
    {
        var action = random.Next(100);
        switch (action)
        {
            case < 30: Write(); break;
            case < 36: WritePart(); break;
            case < 60: Read(random.Next(1, 30)); break;
            case < 68: Checkpoint(); break;
            case < 72: Crash(); break;
            case < 80: Rotate(); break;
            case < 84: Compress(); break;
            case < 88: RemoveCompressed(); break;
            case < 90: CopyTruncate(); break;
            case < 94: Wait(TimeSpan.FromMilliseconds(random.Next(1, 4000))); break;
            case < 96: Wait(TimeSpan.FromSeconds(11)); break;
            case < 98: DeleteOldest(); break;
            default: DeleteLive(); break;
        }
    }

    /// <summary>Lets everything settle, and checks the model.</summary>
    public void Settle()
    {
        CompletePart();
        for (var round = 0; round < 40; round++)
        {
            Wait(TimeSpan.FromSeconds(3));
            Read(int.MaxValue);
        }

        Checkpoint();
        var duplicates = delivered.GroupBy(line => line).Where(line => line.Count() > 1).Select(line => line.Key).ToList();
        Assert.True(duplicates.Count == 0, $"twice: {string.Join(' ', duplicates.Take(5))}");
        var there = Remaining();
        var lost = there.Except(delivered).ToList();
        Assert.True(lost.Count == 0, $"lost: {string.Join(' ', lost.Take(5))}");
        if (!deletes)
        {
            Assert.Equal(written, delivered.Count);
            Assert.Equal(0, Gaps);
        }
    }

    /// <summary>All there is to know when something went wrong.</summary>
    public string Describe()
    {
        var contents = files.Names.Order().Select(name =>
        {
            var bytes = name.EndsWith(".gz", StringComparison.Ordinal) ? Gunzip(files.ContentOf(name)) : files.ContentOf(name);
            return $"{name}: {bytes.Length} bytes, lines {string.Join(' ', LineNumber().Matches(Encoding.UTF8.GetString(bytes)).Select(line => line.Value))}";
        });
        var progress = follower?.Progress.Files.Select(file => file.ToString()) ?? [];
        return string.Join('\n', [.. trace, "", .. contents, .. progress]);
    }

    public void Dispose() => follower?.Dispose();

    void Write()
    {
        CompletePart();
        EnsureLive();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            files.Append(Live, Encoding.UTF8.GetBytes(NextLine() + "\n"));
        }
    }

    void WritePart()
    {
        CompletePart();
        EnsureLive();
        var line = NextLine() + "\n";
        var cut = random.Next(1, line.Length);
        files.Append(Live, Encoding.UTF8.GetBytes(line[..cut]));
        partial = line[cut..];
        Note($"part {cut}");
    }

    // A writer ends its line before anything else happens to its file: a line is one write().
    void CompletePart()
    {
        if (partial.Length > 0)
        {
            files.Append(Live, Encoding.UTF8.GetBytes(partial));
            partial = "";
        }
    }

    string NextLine() => string.Create(CultureInfo.InvariantCulture, $"{{\"line\":{++written},\"at\":\"{time.GetUtcNow():O}\",\"pad\":\"{new string('x', random.Next(0, 40))}\"}}");

    void EnsureLive()
    {
        if (!files.Exists(Live))
        {
            files.Create(Live);
            Note("create");
        }
    }

    void Read(int most)
    {
        follower ??= new(files, new() { Path = "/" + Live, RotationQuietMilliseconds = 1000 }, checkpoint, _ => Gaps++, time);
        var read = 0;
        while (read < most && follower.TryRead(out var line))
        {
            sinceCheckpoint.Add(LineNumber().Match(Encoding.UTF8.GetString(line.Text)).Value);
            read++;
        }

        Note($"read {read}");
    }

    void Checkpoint()
    {
        if (follower is not null)
        {
            checkpoint = follower.Progress;
            delivered.AddRange(sinceCheckpoint);
            sinceCheckpoint.Clear();
            Note("checkpoint");
        }
    }

    void Crash()
    {
        follower?.Dispose();
        follower = null;
        sinceCheckpoint.Clear();
        Note("crash");
    }

    void Rotate()
    {
        if (files.Exists(Live))
        {
            CompletePart();
            files.Rename(Live, RotatedName());
            files.Create(Live);
            Note("rotate");
        }
    }

    // As lumberjack names it, or as logrotate does: audit.log.1, with all older ones moved up by one.
    string RotatedName()
    {
        Wait(TimeSpan.FromMilliseconds(1));
        if (!isNumbered)
        {
            return $"audit-{time.GetUtcNow():yyyy-MM-ddTHH-mm-ss.fff}.log";
        }

        for (var number = 100; number > 0; number--)
        {
            foreach (var suffix in new[] { "", ".gz" }.Where(suffix => files.Exists($"{Live}.{number}{suffix}")))
            {
                files.Rename($"{Live}.{number}{suffix}", $"{Live}.{number + 1}{suffix}");
            }
        }

        return $"{Live}.1";
    }

    void Compress()
    {
        if (Rotated().FirstOrDefault(name => !files.Exists(name + ".gz")) is { } name)
        {
            files.Compress(name);
            Note($"compress {name}");
        }
    }

    void RemoveCompressed()
    {
        if (Rotated().FirstOrDefault(name => files.Exists(name + ".gz")) is { } name)
        {
            files.Delete(name);
            Note($"remove {name}");
        }
    }

    void CopyTruncate()
    {
        if (files.Exists(Live) && !files.ContentOf(Live).SequenceEqual(Array.Empty<byte>()))
        {
            CompletePart();
            files.Copy(Live, RotatedName());
            files.Truncate(Live);
            Note("copytruncate");
        }
    }

    void DeleteOldest()
    {
        if (deletes && files.ListRotated() is [var oldest, ..])
        {
            files.Delete(oldest);
            Note($"delete {oldest}");
        }
    }

    void DeleteLive()
    {
        if (deletes && files.Exists(Live))
        {
            CompletePart();
            files.Delete(Live);
            Note("delete live");
        }
    }

    void Wait(TimeSpan by) => time.Advance(by);

    IEnumerable<string> Rotated() => files.ListRotated().Where(name => !name.EndsWith(".gz", StringComparison.Ordinal));

    HashSet<string> Remaining()
    {
        var plain = files.Names.Where(name => !name.EndsWith(".gz", StringComparison.Ordinal)).Select(files.ContentOf);
        var compressed = files.Names.Where(name => name.EndsWith(".gz", StringComparison.Ordinal)).Select(name => Gunzip(files.ContentOf(name)));
        return [.. plain.Concat(compressed).SelectMany(content => LineNumber().Matches(Encoding.UTF8.GetString(content)).Select(line => line.Value))];
    }

    static byte[] Gunzip(byte[] bytes)
    {
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(bytes), System.IO.Compression.CompressionMode.Decompress);
        var plain = new MemoryStream();
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    void Note(string action) => trace.Add(action);

    [GeneratedRegex("(?<=\"line\":)[0-9]+")]
    private static partial Regex LineNumber();
}

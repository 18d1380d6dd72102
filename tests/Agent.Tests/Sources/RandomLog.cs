using System.IO.Compression;
using System.Text;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>A writer and a rotation that do as they like, in memory.</summary>
/// <param name="header">A line with which every file of the log begins; null for none.</param>
/// <param name="keepsWriting">Whether writers keep their files when these are rotated.</param>
sealed partial class RandomLog(Random random, ManualTime time, Func<int, string> makeLine, string? header = null, bool keepsWriting = false)
{
    const string Live = "audit.log";
    const string CopyMark = ".copy";
    const string Special = "audit.log-20200101";

    readonly bool isNumbered = random.Next(2) == 0;
    readonly List<(InMemoryFile File, DateTimeOffset Until)> late = [];
    string partial = "";
    DateTimeOffset born;
    TimeSpan lastLife;
    int copies;

    public InMemoryLogFiles Files { get; } = new(time: time);

    /// <summary>How many lines were written, the last perhaps in part.</summary>
    public int Written { get; private set; }

    /// <summary>The line that was last written in part.</summary>
    public int Part { get; private set; }

    public void Write()
    {
        CompletePart();
        EnsureLive();
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            Files.Append(Live, Bytes(NextLine()));
        }
    }

    public void WritePart()
    {
        CompletePart();
        EnsureLive();
        var line = NextLine();
        Part = Written;
        var cut = random.Next(1, line.Length);
        Files.Append(Live, Bytes(line[..cut]));
        partial = line[cut..];
    }

    // A writer ends its line before anything else happens to its file: a line is one write().
    public void CompletePart()
    {
        if (partial.Length > 0)
        {
            Files.Append(Live, Bytes(partial));
            partial = "";
        }
    }

    /// <summary>As lumberjack does, for the next event; or as logrotate does, which moves all older ones up by one.</summary>
    public void Rotate()
    {
        if (!Files.Exists(Live))
        {
            return;
        }

        CompletePart();
        var writer = keepsWriting && random.Next(3) == 0 ? Files.KeepWriting(Live) : null;
        EndLife(Live);
        Files.Rename(Live, RotatedName());
        Create();
        if (!isNumbered)
        {
            Files.Append(Live, Bytes(NextLine()));
        }

        if (writer is not null)
        {
            late.Add((writer, time.GetUtcNow().AddSeconds(50)));
        }
    }

    /// <summary>Who had the file before it was rotated writes into it once more, if that is not too long ago.</summary>
    /// <returns>The text of the file before; null when there is no such writer.</returns>
    public string? WriteLate()
    {
        late.RemoveAll(writer => writer.Until <= time.GetUtcNow() || !Files.IsReachable(writer.File));
        if (late.Count == 0)
        {
            return null;
        }

        var file = late[random.Next(late.Count)].File;
        var before = Encoding.UTF8.GetString([.. file.Bytes]);
        Files.AppendTo(file, Bytes(NextLine()));
        return before;
    }

    /// <summary>The processes that write are gone.</summary>
    public void KillWriters() => late.Clear();

    public void CopyTruncate()
    {
        if (Files.Exists(Live) && Files.ContentOf(Live).Length > 0)
        {
            CompletePart();
            EndLife(Live);
            Files.Copy(Live, isNumbered ? RotatedName() : DatedName());
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

    /// <summary>Removes the oldest files but for some, as a rotation with a limit does.</summary>
    /// <remarks>Not those that came and went in a moment, beside the file before: no limit of size or age makes such.</remarks>
    public void Retain(int most)
    {
        foreach (var name in Files.Rotated.Where(name => !IsCopy(name)).SkipLast(most).TakeWhile(name => !Files.IsBrief(name)))
        {
            Files.Delete(name);
        }
    }

    public void DeleteLive()
    {
        if (Files.Exists(Live))
        {
            CompletePart();
            EndLife(Live);
            Files.Delete(Live);
        }
    }

    /// <summary>What a power cut leaves of the live file: any part of it, the end perhaps as NULs or as something else.</summary>
    public void CutPower()
    {
        partial = "";
        late.Clear();
        if (!Files.Exists(Live))
        {
            return;
        }

        var length = Files.ContentOf(Live).Length;
        var kept = random.Next(3) == 0 ? length : random.Next(length + 1);
        var spoiled = random.Next(3) == 0 ? random.Next(Math.Min(kept, 120) + 1) : 0;
        Files.Cut(Live, kept);
        var end = new byte[spoiled];
        if (random.Next(2) == 0)
        {
            Array.Fill(end, (byte)'#');
        }

        Files.Overwrite(Live, kept - spoiled, end);
    }

    /// <summary>Somebody makes a copy beside the log; the writer goes on in one of the two, perhaps from an earlier line.</summary>
    /// <param name="mayReplace">Whether it may be the copy.</param>
    public void Fork(bool mayReplace)
    {
        if (!Files.Exists(Live))
        {
            return;
        }

        CompletePart();
        var copy = CopyName();
        Files.Copy(Live, copy);
        if (random.Next(2) == 0 && mayReplace)
        {
            var rotated = RotatedName();
            Files.Rename(Live, rotated);
            Files.Rename(copy, Live);
            Files.Cut(Live, LineEndBefore(random.Next(Files.ContentOf(Live).Length + 1)));
            Files.Append(Live, Bytes(NextLine()));
        }
    }

    public string LiveText() => Files.Exists(Live) ? Encoding.UTF8.GetString(Files.ContentOf(Live)) : "";

    /// <summary>The plain text of all files there are, by name.</summary>
    public IEnumerable<(string Name, string Text)> Contents() =>
        Files.Names.Where(name => !IsSpecial(name)).Order().Select(name => (name, Encoding.UTF8.GetString(PlainOf(name))));

    /// <summary>A rotated file at random; null when there is none.</summary>
    public string? AnyRotated() => Files.Rotated is { Count: > 0 } all ? all[random.Next(all.Count)] : null;

    public void MakeSpecial()
    {
        if (!Files.Exists(Special))
        {
            Files.Create(Special, random.Next(2) == 0 ? FileKind.Pipe : FileKind.Folder);
        }
        else
        {
            Files.Delete(Special);
        }
    }

    /// <summary>Whether a file is a copy that somebody made: it is read only if it begins with an event.</summary>
    public static bool IsCopy(string name) => name.Contains(CopyMark, StringComparison.Ordinal);

    static bool IsSpecial(string name) => name == Special;

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    int LineEndBefore(int offset) => Files.ContentOf(Live).AsSpan(0, offset).LastIndexOf((byte)'\n') + 1;

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
            Create();
        }
    }

    void EndLife(string name)
    {
        var life = time.GetUtcNow() - born;
        Files.MarkBrief(name, life < lastLife / 10);
        (lastLife, born) = (life, time.GetUtcNow());
    }

    void Create()
    {
        born = time.GetUtcNow();
        Files.Create(Live);
        Files.Append(Live, Bytes(header is null ? "" : header + "\n"));
    }
}

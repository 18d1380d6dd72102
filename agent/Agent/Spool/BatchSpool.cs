using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Agent.Files;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Spool;

/// <summary>Sealed batches on local disk that the sink has not confirmed yet.</summary>
/// <remarks>Guarantees: a batch that was added survives a crash and a power cut; a damaged one is set aside and the rest goes on.</remarks>
sealed class BatchSpool
{
    const string Kind = "spool";
    const int Version = 1;

    readonly string folder;
    readonly TimeProvider time;
    readonly Lock gate = new();
    readonly SortedDictionary<(DateTimeOffset, string), SpooledBatch> batches = [];
    long bytes;

    public BatchSpool(string folder, long limitBytes, TimeProvider time)
    {
        this.folder = folder;
        this.time = time;
        LimitBytes = limitBytes;
        DurableDirectory.Create(folder);
    }

    public long LimitBytes { get; }

    public bool IsFull => Volatile.Read(ref bytes) >= LimitBytes;

    public (long Bytes, int Batches, TimeSpan OldestAge) Level
    {
        get
        {
            lock (gate)
            {
                return (bytes, batches.Count, batches.Count == 0 ? TimeSpan.Zero : time.GetUtcNow() - batches.Keys.First().Item1);
            }
        }
    }

    /// <summary>Finds what an earlier run left, oldest first; damaged files are set aside and told.</summary>
    /// <param name="quarantined">Told of each: its source, its path, and what is wrong with it.</param>
    public IReadOnlyList<SpooledBatch> Open(Action<string, string, string> quarantined)
    {
        foreach (var unfinished in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            File.Delete(unfinished);
        }

        foreach (var path in Directory.EnumerateFiles(folder, "*.batch"))
        {
            try
            {
                using var file = File.OpenRead(path);
                Include(new(path, file.Length, ReadHeader(file)));
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                Quarantine(path);
                quarantined(SourceOf(path), path, e.Message);
            }
        }

        lock (gate)
        {
            return [.. batches.Values.OrderBy(batch => batch.Header.Sequence)];
        }
    }

    /// <summary>Puts a batch on disk, for good.</summary>
    /// <exception cref="IOException">It is not there: the disk is full or broken.</exception>
    public SpooledBatch Add(SpoolHeader header, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(folder, $"{header.Source}-{header.Sequence:D10}.batch");
        CheckedFile.Write(path, Kind, Version, JsonSerializer.SerializeToUtf8Bytes(header, SpoolJson.Default.SpoolHeader), content);
        var batch = new SpooledBatch(path, new FileInfo(path).Length, header);
        Include(batch);
        return batch;
    }

    /// <summary>The batch's bytes as they were sealed.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static byte[] Read(SpooledBatch batch)
    {
        using var file = File.OpenRead(batch.Path);
        ReadHeader(file);
        var content = new byte[file.Length - file.Position];
        file.ReadExactly(content);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == batch.Header.Sha256 ? content : throw new InvalidDataException("Its content is damaged.");
    }

    /// <summary>Forgets a batch that the sink has; one that was forgotten before is no trouble.</summary>
    public void Remove(SpooledBatch batch)
    {
        if (File.Exists(batch.Path))
        {
            File.Delete(batch.Path);
        }

        Exclude(batch);
    }

    /// <summary>Sets a damaged batch aside, if there is anything left of it.</summary>
    public void Quarantine(SpooledBatch batch)
    {
        if (File.Exists(batch.Path))
        {
            Quarantine(batch.Path);
        }

        Exclude(batch);
    }

    void Quarantine(string path)
    {
        var aside = Path.Combine(folder, "quarantine");
        DurableDirectory.Create(aside);
        File.Move(path, Path.Combine(aside, $"{Path.GetFileName(path)}-{time.GetUtcNow():yyyyMMddTHHmmssfff}"), overwrite: true);
    }

    // Its name tells it, whatever became of its header.
    static string SourceOf(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return name[..Math.Max(0, name.LastIndexOf('-'))];
    }

    static SpoolHeader ReadHeader(FileStream file)
    {
        try
        {
            return JsonSerializer.Deserialize(CheckedFile.ReadHeader(file, Kind, Version), SpoolJson.Default.SpoolHeader) ?? throw new InvalidDataException("Its header is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    void Include(SpooledBatch batch)
    {
        lock (gate)
        {
            batches[(batch.Header.SealedAt, batch.Path)] = batch;
            bytes += batch.Bytes;
        }
    }

    void Exclude(SpooledBatch batch)
    {
        lock (gate)
        {
            bytes -= batches.Remove((batch.Header.SealedAt, batch.Path)) ? batch.Bytes : 0;
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Integrity;

/// <summary>The ledger on disk: a line for each entry, with a checksum in front, added at the end.</summary>
/// <remarks>
/// Guarantees: an entry that was added survives a crash and a power cut. What a power cut tore, nobody was told is there: it is skipped,
/// and so is a line that the disk spoiled; the others are read.
/// </remarks>
/// <param name="ensureOurs">Throws an IOException when nothing may be written any more.</param>
sealed class DigestLedgerFile(string path, Action ensureOurs) : IDisposable
{
    const int HashDigits = 16;

    FileStream? file;
    long length;

    public long Bytes => length;

    /// <summary>What is there, in the order in which it was added.</summary>
    public IReadOnlyList<LedgerEntry> Read()
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        List<LedgerEntry> entries = [];
        foreach (var line in bytes.AsSpan().Split((byte)'\n'))
        {
            if (TryRead(bytes.AsSpan(line), out var entry))
            {
                entries.Add(entry);
            }
        }

        length = bytes.Length;
        return entries;
    }

    /// <exception cref="IOException">It is not there.</exception>
    public void Add(IReadOnlyList<LedgerEntry> entries)
    {
        ensureOurs();
        var isNew = file is null && !File.Exists(path);
        file ??= new(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        // Over what a try before left unfinished; a line of its own, whatever a power cut left unfinished.
        file.Position = length;
        byte[] lines = [(byte)'\n', .. entries.SelectMany(Line)];
        file.Write(lines);
        file.SetLength(length + lines.Length);
        file.Flush(flushToDisk: true);
        if (isNew)
        {
            DurableDirectory.Flush(Path.GetDirectoryName(path)!);
        }

        length += lines.Length;
    }

    /// <summary>Leaves only these.</summary>
    /// <exception cref="IOException">It is not known to be so.</exception>
    public void Replace(IReadOnlyList<LedgerEntry> entries)
    {
        ensureOurs();
        byte[] lines = [.. entries.SelectMany(Line)];
        using var anew = new AtomicFile(path, path + ".tmp");
        anew.Write(lines);
        anew.Commit();
        file?.Dispose();
        (file, length) = (null, lines.Length);
    }

    public void Dispose() => file?.Dispose();

    static byte[] Line(LedgerEntry entry)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(entry, IntegrityJson.Default.LedgerEntry);
        return [.. HashOf(json), (byte)' ', .. json, (byte)'\n'];
    }

    static bool TryRead(ReadOnlySpan<byte> line, out LedgerEntry entry)
    {
        entry = null!;
        if (line.Length <= HashDigits || !line[..HashDigits].SequenceEqual(HashOf(line[(HashDigits + 1)..])))
        {
            return false;
        }

        entry = JsonSerializer.Deserialize(line[(HashDigits + 1)..], IntegrityJson.Default.LedgerEntry)!;
        return true;
    }

    static byte[] HashOf(ReadOnlySpan<byte> json) =>
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))[..HashDigits]);
}

using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Spool;

/// <summary>A spooled batch's file: its header, its content, and while it is its source's newest, the source's progress after it.</summary>
/// <remarks>
/// The progress stands at the end, so that it is cut off in one step when a newer batch has it: it grows with the log's history, and there
/// may be very many batches. Files of version 1 have it in the header.
/// </remarks>
static class SpoolFile
{
    const string Kind = "spool";
    const int Version = 2;
    const int OlderVersion = 1;

    /// <exception cref="IOException">It is not there: the disk is full or broken.</exception>
    public static void Write(string path, SpoolHeader header, ReadOnlySpan<byte> content, SourceProgress? end)
    {
        var progress = end is null ? [] : JsonSerializer.SerializeToUtf8Bytes(end, SpoolJson.Default.SourceProgress);
        var whole = header with { ContentBytes = content.Length, ProgressSha256 = end is null ? null : HashOf(progress) };
        var json = JsonSerializer.SerializeToUtf8Bytes(whole, SpoolJson.Default.SpoolHeader);
        CheckedFile.Write(path, Kind, Version, json, content, progress);
    }

    /// <summary>The batch as it was sealed.</summary>
    /// <param name="buffer">Where its content is put.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static (SpoolHeader Header, ReadOnlyMemory<byte> Content) Read(string path, ReadBuffer buffer)
    {
        using var file = File.OpenRead(path);
        var header = ReadHeader(file);
        var content = buffer.Room((int)Math.Min(ContentBytes(header, file), file.Length - file.Position));
        file.ReadExactly(content.Span);
        return HashOf(content.Span) == header.Sha256 ? (header, content) : throw new InvalidDataException("Its content is damaged.");
    }

    /// <summary>The source's progress after the batch; null when a newer batch had it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static SourceProgress? ReadEnd(string path)
    {
        using var file = File.OpenRead(path);
        var header = ReadHeader(file);
        file.Position += ContentBytes(header, file);
        if (header.End is not null || file.Position == file.Length)
        {
            return header.End;
        }

        var progress = new byte[Math.Max(0, file.Length - file.Position)];
        file.ReadExactly(progress);
        return HashOf(progress) == header.ProgressSha256
            ? JsonSerializer.Deserialize(progress, SpoolJson.Default.SourceProgress)
            : throw new InvalidDataException("The source's progress after it is damaged.");
    }

    /// <summary>Cuts the progress off; what is left of the file, in bytes.</summary>
    public static long CutEnd(string path)
    {
        // Sharing all: the batch may be on its way to the sink, and be removed.
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var header = ReadHeader(file);
        var end = file.Position + ContentBytes(header, file);
        if (end < file.Length)
        {
            file.SetLength(end);
        }

        return file.Length;
    }

    static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    // Without its own length, in version 1, the content is all that follows.
    static long ContentBytes(SpoolHeader header, FileStream file) => header.ContentBytes ?? file.Length - file.Position;

    static SpoolHeader ReadHeader(FileStream file)
    {
        try
        {
            return JsonSerializer.Deserialize(CheckedFile.ReadHeader(file, Kind, Version, OlderVersion), SpoolJson.Default.SpoolHeader)
                ?? throw new InvalidDataException("Its header is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}

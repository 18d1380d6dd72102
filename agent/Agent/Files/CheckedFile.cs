using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClusterTrail.Agent.Files;

/// <summary>A file that is there whole or not at all: one line of text with a checksum, a header in JSON, and perhaps a content.</summary>
/// <remarks>
/// The first line is <c>clustertrail KIND VERSION HEADERBYTES SHA256</c>, the hash being that of the header; the header has the content's.
/// Guarantees: after <see cref="Write"/> returns, the file survives a power cut; before, only the file that was there does.
/// </remarks>
static class CheckedFile
{
    const int LongestFirstLine = 160;

    /// <param name="appendix">Stands behind the content.</param>
    public static void Write(
        string path, string kind, int version, ReadOnlySpan<byte> header, ReadOnlySpan<byte> content, ReadOnlySpan<byte> appendix = default)
    {
        using var file = new AtomicFile(path, path + ".tmp");
        var hash = Convert.ToHexStringLower(SHA256.HashData(header));
        file.Write(Encoding.ASCII.GetBytes($"clustertrail {kind} {version} {header.Length} {hash}\n"));
        file.Write(header);
        file.Write(content);
        file.Write(appendix);
        file.Commit();
    }

    /// <summary>Reads the header, and leaves the stream where the content begins.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or of another kind or version.</exception>
    public static byte[] ReadHeader(Stream file, string kind, int version, int? olderVersion = null)
    {
        var parts = ReadFirstLine(file).Split(' ');
        if (parts is not ["clustertrail", var foundKind, var foundVersion, var length, var sha256] || foundKind != kind)
        {
            throw new InvalidDataException($"It does not begin as a {kind} file does.");
        }

        var isNumber = int.TryParse(foundVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var found);
        if (!isNumber || (found != version && found != olderVersion))
        {
            var read = olderVersion is null ? $"{version}" : $"{version} and {olderVersion}";
            throw new InvalidDataException($"It is of version {foundVersion}; this agent reads version {read}.");
        }

        if (!int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes > file.Length)
        {
            throw new InvalidDataException("Its header is cut off.");
        }

        var header = new byte[bytes];
        if (file.ReadAtLeast(header, bytes, throwOnEndOfStream: false) < bytes
            || Convert.ToHexStringLower(SHA256.HashData(header)) != sha256)
        {
            throw new InvalidDataException("Its header is damaged.");
        }

        return header;
    }

    static string ReadFirstLine(Stream file)
    {
        var line = new StringBuilder();
        int next;
        while ((next = file.ReadByte()) is not (-1 or '\n') && line.Length < LongestFirstLine)
        {
            line.Append((char)next);
        }

        return line.ToString();
    }
}

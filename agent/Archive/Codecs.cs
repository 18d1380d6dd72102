using System.IO.Compression;

namespace ClusterTrail.Archive;

/// <summary>How each codec is recognized and read.</summary>
public static class Codecs
{
    /// <summary>As many of the first bytes as say which codec it is.</summary>
    public const int MagicBytes = 4;

    static ReadOnlySpan<byte> Zstd => [0x28, 0xb5, 0x2f, 0xfd];

    static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    /// <summary>What the names of batches end with.</summary>
    public static string Ending(this Codec codec) => codec == Codec.Zstd ? ".ndjson.zst" : ".ndjson.gz";

    /// <summary>What people call it.</summary>
    public static string Name(this Codec codec) => codec == Codec.Zstd ? "zstd" : "gzip";

    /// <summary>The codec of what begins with these bytes; null when it is none.</summary>
    public static Codec? Of(ReadOnlySpan<byte> first) =>
        first.StartsWith(Zstd) ? Codec.Zstd
        : first.StartsWith(Gzip) ? Codec.Gzip
        : null;

    /// <summary>The plain text of several zstd frames or gzip members.</summary>
    /// <remarks>Reading throws InvalidDataException at damage, and with zstd where the end is missing. A gzip that was cut off ends as one
    /// that is whole, unless the program has the platform's strict validation.</remarks>
    public static Stream Decompress(this Codec codec, Stream compressed) =>
        codec == Codec.Zstd ? new ZstdReader(compressed) : new GZipStream(compressed, CompressionMode.Decompress);
}

using System.Buffers.Binary;

namespace ClusterTrail.Agent.Sources;

/// <summary>What the end of a gzip file states of the plain text of its last member (RFC 1952).</summary>
/// <param name="Length">The length modulo 4 GiB.</param>
readonly record struct GzipTrailer(uint Crc, uint Length)
{
    public static GzipTrailer? Read(ILogFile compressed)
    {
        Span<byte> trailer = stackalloc byte[8];
        var length = compressed.Length;
        return length > trailer.Length && FileBytes.Fill(compressed, trailer, length - trailer.Length) == trailer.Length
            ? new(BinaryPrimitives.ReadUInt32LittleEndian(trailer), BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]))
            : null;
    }

    /// <summary>Whether the file is these bytes compressed, as one member; then it need not be read to know it.</summary>
    public bool IsOf(uint crc, long length) => crc == Crc && (uint)(length & uint.MaxValue) == Length;
}

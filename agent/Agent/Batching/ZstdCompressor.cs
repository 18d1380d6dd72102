using System.Buffers;
using ClusterTrail.Archive;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ClusterTrail.Agent.Batching;

/// <summary>A batch is one zstd frame with the checksum of its content.</summary>
/// <remarks>
/// A record is copied once, into the compressor's window; frames are written where they are sealed from. The context and both buffers
/// stay for the next batch, so nothing is allocated once they have grown.
/// </remarks>
sealed class ZstdCompressor : BatchCompressor
{
    /// <summary>How far back a match may be, as a power of two: see docs/decisions/0005-zstd-by-default.md.</summary>
    /// <remarks>Every decoder must take 8 MiB (RFC 8878, 3.1.1.1.2), which is 23.</remarks>
    public const int WindowLog = 21;

    // What a block of 128 KiB takes at most: with less room zstd(3) writes it into a buffer of its own first.
    const int RoomBytes = 132 << 10;

    readonly Compressor zstd;
    byte[] frame = new byte[1 << 20];
    int length;
    bool isOpen;

    public ZstdCompressor(int level, int windowLog = WindowLog)
    {
        zstd = new(level);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, windowLog);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
    }

    public override Codec Codec => Codec.Zstd;

    public override void Write(ReadOnlySpan<byte> record)
    {
        isOpen = true;
        while (!record.IsEmpty)
        {
            MakeRoom();
            zstd.WrapStream(record, frame.AsSpan(length), out var consumed, out var written, isFinalBlock: false);
            record = record[consumed..];
            length += written;
        }
    }

    public override ReadOnlySpan<byte> End()
    {
        while (isOpen)
        {
            MakeRoom();
            isOpen = zstd.WrapStream([], frame.AsSpan(length), out _, out var written, isFinalBlock: true) != OperationStatus.Done;
            length += written;
        }

        return frame.AsSpan(0, length);
    }

    public override void Clear()
    {
        if (isOpen)
        {
            zstd.ResetStream();
        }

        (isOpen, length) = (false, 0);
    }

    public override void Dispose() => zstd.Dispose();

    void MakeRoom()
    {
        if (frame.Length - length < RoomBytes)
        {
            Array.Resize(ref frame, frame.Length * 2);
        }
    }
}

using System.Buffers;
using System.Runtime.InteropServices;
using ClusterTrail.Archive;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ClusterTrail.Agent.Batching;

/// <summary>A batch is one zstd frame with the checksum of its content.</summary>
/// <remarks>
/// Records are gathered and compressed in one piece: zstd(3) finds matches faster where the text before is in one piece too, and copies
/// nothing (docs/decisions/0005-zstd-by-default.md). Of a batch that is larger than <see cref="PieceBytes"/> each piece is compressed when
/// it is full, through zstd's own window. The context and both buffers stay for the next batch, so nothing is allocated once they have
/// grown.
/// </remarks>
sealed unsafe class ZstdCompressor : BatchCompressor
{
    /// <summary>How far back a match may be, as a power of two: see docs/decisions/0005-zstd-by-default.md.</summary>
    /// <remarks>Every decoder must take 8 MiB (RFC 8878, 3.1.1.1.2), which is 23.</remarks>
    public const int WindowLog = 21;

    /// <summary>A batch of the default size with the record that exceeds it, if that is of a usual length.</summary>
    public const int PieceBytes = (8 << 20) + (256 << 10);

    const int FirstBytes = 64 << 10;

    // What a block of 128 KiB takes at most: with less room zstd(3) writes it into a buffer of its own first.
    const int RoomBytes = 132 << 10;

    readonly Compressor zstd;
    byte* piece;
    int pieceCapacity;
    int pieceLength;
    byte[] frame = new byte[256 << 10];
    int frameLength;
    bool isStreamed;
    bool isEnded = true;

    public ZstdCompressor(int level, int windowLog = WindowLog)
    {
        zstd = new(level);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, windowLog);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_contentSizeFlag, 0);
    }

    public override Codec Codec => Codec.Zstd;

    ReadOnlySpan<byte> Piece => new(piece, pieceLength);

    public override void Write(ReadOnlySpan<byte> record)
    {
        isEnded = false;
        while (!record.IsEmpty)
        {
            if (pieceLength == PieceBytes)
            {
                Stream(isLast: false);
            }

            var fits = Math.Min(record.Length, PieceBytes - pieceLength);
            MakeRoomInPiece(fits);
            record[..fits].CopyTo(new Span<byte>(piece + pieceLength, fits));
            pieceLength += fits;
            record = record[fits..];
        }
    }

    public override ReadOnlySpan<byte> End()
    {
        if (!isEnded)
        {
            if (isStreamed)
            {
                Stream(isLast: true);
            }
            else
            {
                CompressWhole();
            }

            isEnded = true;
        }

        return frame.AsSpan(0, frameLength);
    }

    public override void Clear()
    {
        if (isStreamed && !isEnded)
        {
            zstd.ResetStream();
        }

        (isEnded, isStreamed, pieceLength, frameLength) = (true, false, 0, 0);
    }

    public override void Dispose()
    {
        zstd.Dispose();
        NativeMemory.Free(piece);
        piece = null;
        (pieceCapacity, pieceLength) = (0, 0);
    }

    void CompressWhole()
    {
        while (!zstd.TryWrap(Piece, frame, out frameLength))
        {
            Array.Resize(ref frame, frame.Length * 2);
        }

        pieceLength = 0;
    }

    void Stream(bool isLast)
    {
        isStreamed = true;
        var rest = Piece;
        var isDone = false;
        while (!isDone)
        {
            if (frame.Length - frameLength < RoomBytes)
            {
                Array.Resize(ref frame, frame.Length * 2);
            }

            var status = zstd.WrapStream(rest, frame.AsSpan(frameLength), out var consumed, out var written, isLast);
            rest = rest[consumed..];
            frameLength += written;
            isDone = rest.IsEmpty && (!isLast || status == OperationStatus.Done);
        }

        pieceLength = 0;
    }

    // Outside the runtime's heap, where growing it would leave the smaller ones behind.
    void MakeRoomInPiece(int bytes)
    {
        if (pieceLength + bytes > pieceCapacity)
        {
            pieceCapacity = Math.Clamp(Math.Max(pieceCapacity * 2, pieceLength + bytes), FirstBytes, PieceBytes);
            piece = (byte*)NativeMemory.Realloc(piece, (nuint)pieceCapacity);
        }
    }
}

using System.Buffers.Binary;

namespace ClusterTrail.Verification.Objects;

/// <summary>Walks over the frames and blocks of zstd (RFC 8878, section 3.1) by their headers.</summary>
sealed class ZstdEnd : ContentEnd
{
    const uint FrameMagic = 0xFD2FB528;
    const uint SkippableMagic = 0x184D2A50;
    const int MagicBytes = 4;
    const int BlockHeaderBytes = 3;
    const int ChecksumBytes = 4;

    enum Part
    {
        Magic,
        Descriptor,
        SkippableSize,
        BlockHeader,
        Behind,
    }

    readonly byte[] pending = new byte[MagicBytes];
    Part part = Part.Magic;
    int needed = MagicBytes;
    int filled;
    long skip;
    long position;
    long end;
    bool hasChecksum;

    public override void Add(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && part != Part.Behind)
        {
            if (skip > 0)
            {
                var skipped = (int)Math.Min(skip, bytes.Length);
                (skip, position) = (skip - skipped, position + skipped);
                bytes = bytes[skipped..];
                NoteEnd();
                continue;
            }

            pending[filled++] = bytes[0];
            position++;
            bytes = bytes[1..];
            if (filled == needed)
            {
                filled = 0;
                Step();
                NoteEnd();
            }
        }
    }

    // What is no frame from the beginning is something else than trailing bytes.
    public override long Trailing(long total) => end > 0 ? total - end : 0;

    // Between two frames, with nothing left to skip.
    void NoteEnd()
    {
        if (part == Part.Magic && skip == 0 && filled == 0)
            end = position;
    }

    void Step()
    {
        switch (part)
        {
            case Part.Magic:
                var magic = BinaryPrimitives.ReadUInt32LittleEndian(pending);
                if (magic == FrameMagic)
                    Next(Part.Descriptor, 1);
                else if ((magic & ~0xFu) == SkippableMagic)
                    Next(Part.SkippableSize, MagicBytes);
                else
                    part = Part.Behind;
                break;
            case Part.SkippableSize:
                skip = BinaryPrimitives.ReadUInt32LittleEndian(pending);
                Next(Part.Magic, MagicBytes);
                break;
            case Part.Descriptor:
                ReadDescriptor(pending[0]);
                break;
            default:
                ReadBlock(pending[0] | (pending[1] << 8) | (pending[2] << 16));
                break;
        }
    }

    void ReadDescriptor(int descriptor)
    {
        var isSingleSegment = (descriptor & 0x20) != 0;
        var contentSizeBytes = (descriptor >> 6) switch
        {
            0 => isSingleSegment ? 1 : 0,
            1 => 2,
            2 => 4,
            _ => 8,
        };
        var dictionaryBytes = (descriptor & 3) is 3 ? 4 : descriptor & 3;
        hasChecksum = (descriptor & 4) != 0;
        skip = (isSingleSegment ? 0 : 1) + dictionaryBytes + contentSizeBytes;
        Next(Part.BlockHeader, BlockHeaderBytes);
    }

    void ReadBlock(int header)
    {
        var (isLast, type, size) = ((header & 1) != 0, (header >> 1) & 3, header >> 3);
        const int RunLength = 1;
        skip = type == RunLength ? 1 : size;
        if (!isLast)
            return;
        skip += hasChecksum ? ChecksumBytes : 0;
        Next(Part.Magic, MagicBytes);
    }

    void Next(Part next, int bytes) => (part, needed) = (next, bytes);
}

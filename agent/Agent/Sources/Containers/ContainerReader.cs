using System.Security.Cryptography;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>Takes lines out of one file after the other, with one buffer for all of them.</summary>
/// <remarks>
/// Guarantee: what it gave out lies before the file's state, or is a line in pieces that begins where the state says; so nothing is given
/// out twice, whenever reading goes on from there.
/// </remarks>
sealed class ContainerReader(int maxLineBytes)
{
    const int BlockBytes = 256 << 10;

    // What the runtime puts around a text; docker's escapes take up to six bytes for one.
    const int FrameBytes = 4096;

    readonly ContainerLine known = new();
    readonly byte[] block = new byte[Math.Max(BlockBytes, maxLineBytes + FrameBytes)];
    readonly byte[] scratch = new byte[Math.Max(BlockBytes, maxLineBytes + FrameBytes)];
    ContainerFile? file;
    ContainerIdentity? container;
    PartialLine? ended;
    int at;
    int end;
    bool isAtEnd;

    /// <summary>Takes a piece of a file into the buffer.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    /// <exception cref="InvalidDataException">It cannot be decompressed.</exception>
    public void Begin(ContainerFile from, ContainerIdentity of)
    {
        (file, container, at, end) = (null, of, 0, 0);
        end = FileBytes.Fill(from.Text!, block, from.ReadAt);
        (file, isAtEnd) = (from, end < block.Length);
    }

    /// <summary>Drops the rest of what was taken: who reads the file again goes on where its state says.</summary>
    public void Drop() => file = null;

    /// <summary>Gives out the next line of what was taken; false when there is none.</summary>
    public bool TryTake(out SourceLine line)
    {
        ended?.Clear();
        ended = null;
        line = default;
        while (file is not null)
        {
            var rest = block.AsSpan(at, end - at);
            var length = rest.IndexOf((byte)'\n');
            if (length < 0 && at == 0 && !isAtEnd)
            {
                return TryTakeLong(out line);
            }

            if (length < 0)
            {
                return TryEnd(file, rest, out line);
            }

            at += length + 1;
            if (TryAccept(file, rest[..length], file.ReadAt + length + 1, null, out line))
            {
                return true;
            }
        }

        return false;
    }

    bool TryEnd(ContainerFile last, ReadOnlySpan<byte> rest, out SourceLine line)
    {
        line = default;
        if (isAtEnd && last.IsSettled)
        {
            if (rest.Length > 0)
            {
                at = end;
                if (TryAccept(last, rest, last.ReadAt + rest.Length, null, out line))
                {
                    return true;
                }
            }

            if (TryFlush(last.State!.Output, isError: false, out line) || TryFlush(last.State.Error, isError: true, out line))
            {
                return true;
            }

            last.IsDone = true;
        }

        last.IsAtEnd = isAtEnd;
        file = null;
        return false;
    }

    bool TryFlush(PartialLine partial, bool isError, out SourceLine line)
    {
        line = default;
        if (partial.From is not { } from)
        {
            return false;
        }

        known.Set(container!, partial.Time, isError, partial.Bytes, isUnended: true);
        line = new(partial.Text, new(file!.State!.Id, from), null, container: known);
        ended = partial;
        partial.Expect(null);
        return true;
    }

    // No line feed in the whole buffer: the beginning is kept, and the end looked for.
    bool TryTakeLong(out SourceLine line)
    {
        line = default;
        var (from, taken, found) = (file!, (long)end, -1);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(block);
        while (found < 0 && from.Text!.Read(scratch, from.ReadAt + taken) is > 0 and var read)
        {
            found = scratch.AsSpan(0, read).IndexOf((byte)'\n');
            hash.AppendData(scratch, 0, found < 0 ? read : found);
            taken += found < 0 ? read : found;
        }

        if (found < 0 && !from.IsSettled)
        {
            from.IsAtEnd = true;
            file = null;
            return false;
        }

        var next = from.ReadAt + taken + (found < 0 ? 0 : 1);
        var isTaken = TryAccept(from, block.AsSpan(0, maxLineBytes), next, new(taken, hash.GetHashAndReset()), out line);
        // The rest of the buffer is in the middle of that line.
        file = null;
        return isTaken;
    }

    bool TryAccept(ContainerFile from, ReadOnlySpan<byte> raw, long next, Oversized? oversized, out SourceLine line)
    {
        line = default;
        var (state, start) = (from.State!, from.ReadAt);
        from.ReadAt = next;
        var isKnown = start < state.Offset;
        state.Offset = Math.Max(state.Offset, next);
        if (raw.IsEmpty)
        {
            return false;
        }

        if (!RuntimeLine.TryParse(raw, scratch, out var parsed))
        {
            line = isKnown ? default : new(raw, new(state.Id, start), oversized);
            return !isKnown;
        }

        var partial = parsed.IsError ? state.Error : state.Output;
        // Given out before, unless it is a piece of what had no end yet.
        if (isKnown && !(start >= partial.From))
        {
            return false;
        }

        return parsed.IsPartial || partial.From is not null
            ? TryJoin(state, partial, parsed, start, out line)
            : Give(state, parsed, start, raw.Length, oversized, out line);
    }

    bool TryJoin(ReadState state, PartialLine partial, RuntimeLine piece, long start, out SourceLine line)
    {
        line = default;
        partial.Append(piece, start);
        if (piece.IsPartial)
        {
            return false;
        }

        known.Set(container!, partial.Time, piece.IsError, partial.Bytes, isUnended: false);
        line = new(partial.Text, new(state.Id, partial.From!.Value), null, container: known);
        ended = partial;
        partial.Expect(null);
        return true;
    }

    bool Give(ReadState state, RuntimeLine parsed, long start, int rawLength, Oversized? oversized, out SourceLine line)
    {
        var text = parsed.Text[..Math.Min(parsed.Text.Length, maxLineBytes)];
        var cut = oversized is null ? 0 : oversized.Bytes - rawLength;
        known.Set(container!, parsed.Time, parsed.IsError, parsed.Text.Length + cut, isUnended: false);
        line = new(text, new(state.Id, start), null, container: known);
        return true;
    }
}

namespace ClusterTrail.Rules.Events;

/// <summary>Keys, strings, numbers and literals.</summary>
sealed partial class EventReducer
{
    int TakeString(ReadOnlySpan<byte> piece, long at)
    {
        var keeps = expected == Expected.InKey ? path.KeepsMember : path.KeepsValue;
        var taken = current.Take(piece, keeps ? text : null);
        isBroken |= current.IsBroken;
        if (!current.IsEnded)
        {
            return taken;
        }

        if (keeps)
        {
            text.Append("\""u8);
        }

        if (expected == Expected.InKey)
        {
            EndKey(keeps);
        }
        else
        {
            if (keeps && current.IsCut)
            {
                text.Note(Place(), at + taken - 2 - current.Start, path.Value);
            }

            EndValue();
        }

        return taken;
    }

    void EndKey(bool keeps)
    {
        expected = Expected.Colon;
        if (!keeps)
        {
            return;
        }

        path.KeyEnds(text.Length);
        text.Append(":"u8);
        if (current.IsCut)
        {
            path.Cut();
        }

        if (path.Depth == 1)
        {
            text.Enter(path.Key(text.Written));
        }
    }

    // It ends where anything stands that is no part of it.
    int TakeScalar(ReadOnlySpan<byte> piece, long at)
    {
        var length = piece.IndexOfAny(ReducedText.ScalarEnds);
        var part = length < 0 ? piece : piece[..length];
        var room = Math.Max(0, scalar.Length - scalarBytes);
        part[..Math.Min(room, part.Length)].CopyTo(scalar.AsSpan(Math.Min(scalarBytes, scalar.Length)));
        scalarBytes = (int)Math.Min((long)scalarBytes + part.Length, int.MaxValue);
        if (length < 0)
        {
            return piece.Length;
        }

        isBroken |= scalarBytes == 0;
        if (path.KeepsValue && scalarBytes <= scalar.Length)
        {
            text.Append(scalar.AsSpan(0, scalarBytes));
        }
        else if (path.KeepsValue)
        {
            text.Append("null"u8);
            text.Note(Place(), scalarBytes, text.Length - "null".Length);
        }

        EndValue();
        return length;
    }
}

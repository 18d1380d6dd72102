namespace ClusterTrail.Agent.Sources;

/// <summary>Where the reader of a file is among the lines that are known: what they do not have is new.</summary>
/// <remarks>
/// Guarantees: of all files that are read, whichever has a line first gives it out, and no other does; where a file has another line than
/// any known one, a new <see cref="LedgerFile"/> begins, and nothing is skipped.
/// </remarks>
/// <param name="forked">Called with the new and the old one when the file leaves known lines.</param>
/// <param name="hasHeader">Whether the first line is no event, and so may be every file's.</param>
sealed class LineWalk(FileLedger ledger, Start start, bool hasHeader, LineWalk.Forked forked)
{
    readonly ulong[] words = new ulong[256];
    long word = start.Word;
    long first;
    int count;

    /// <summary>Called where a file leaves the lines that another one has.</summary>
    public delegate void Forked(LedgerFile fork, LedgerFile parent);

    enum Match
    {
        Same,

        /// <summary>The line is known, but it ends otherwise: its newline is missing, or follows later.</summary>
        Text,

        Different,
    }

    /// <summary>The lines that the file has.</summary>
    public LedgerFile Known { get; private set; } = start.Known;

    /// <summary>Whether the file has all of them so far, and what comes next is new.</summary>
    public bool IsAtEnd => word >= Known.Journal.Count;

    /// <summary>Whether it was shown once to have all of them.</summary>
    public bool IsDecided { get; private set; } = start.IsCertain;

    /// <summary>Whether what it shares is more than a header.</summary>
    public bool HasEvents => word > (hasHeader ? 1 : 0);

    /// <summary>Takes the next line of the file; false when it is known already.</summary>
    public bool Take(in RawLine line)
    {
        if (IsAtEnd)
        {
            return Append(line);
        }

        var match = Compare(line);
        if (match != Match.Same)
        {
            match = CompareOthers(line, match);
        }

        if (match != Match.Same)
        {
            Fork(line);
            Append(line);
        }

        IsDecided |= IsAtEnd && HasEvents;
        return match == Match.Different;
    }

    bool Append(in RawLine line)
    {
        Known.Append(LineEntry.Of(line, ledger.Seed));
        word = Known.Journal.Count;
        IsDecided = true;
        return true;
    }

    void Fork(in RawLine line)
    {
        var parent = Known;
        Enter(ledger.Fork(parent, word, line));
        forked(Known, parent);
    }

    // Another one that has the same lines up to here, and this one too.
    Match CompareOthers(in RawLine line, Match best)
    {
        var left = Known;
        foreach (var other in ledger.WithRoot(left.Root))
        {
            if (other == left || other.Base != left.Base || other.Journal.Count <= word || !other.Journal.BeginsAs(left.Journal, word))
            {
                continue;
            }

            Enter(other);
            if (Compare(line) == Match.Same)
            {
                return Match.Same;
            }
        }

        Enter(left);
        return best;
    }

    void Enter(LedgerFile other) => (Known, first, count) = (other, 0, 0);

    Match Compare(in RawLine line)
    {
        var at = word;
        if (!TryRead(ref at, out var entry))
        {
            return Match.Different;
        }

        if (entry == LineEntry.Of(line, ledger.Seed))
        {
            word = at;
            return Match.Same;
        }

        return line.Nuls > 0 || line.Oversized is not null ? Match.Different : CompareText(line, entry, at);
    }

    // The line may have been read in pieces, when its writer paused in the midst of it, or without its newline. One of which only the
    // beginning is known is another one: many begin alike.
    Match CompareText(in RawLine line, LineEntry entry, long at)
    {
        var text = line.Text;
        while (entry.Length < text.Length)
        {
            var piece = text[..(int)entry.Length];
            text = text[piece.Length..];
            if (entry.Hash != LineEntry.HashOf(piece, ledger.Seed) || !TryRead(ref at, out entry))
            {
                return Match.Different;
            }
        }

        if (entry.Length > text.Length + 1 || entry.Hash != LineEntry.HashOf(text, ledger.Seed))
        {
            return Match.Different;
        }

        var newline = line.Length - line.Text.Length;
        var isSame = entry.Length == text.Length + newline
            || (newline == 1 && TryRead(ref at, out entry) && entry == new LineEntry(1, LineEntry.HashOf([], ledger.Seed)));
        word = isSame ? at : word;
        return isSame ? Match.Same : Match.Text;
    }

    bool TryRead(ref long at, out LineEntry entry)
    {
        entry = default;
        if (at >= Known.Journal.Count)
        {
            return false;
        }

        if (at < first || first + count - at < LineEntry.MaxWords)
        {
            first = at;
            count = Known.Journal.Read(first, words);
        }

        var isRead = LineEntry.TryRead(words.AsSpan((int)(at - first), count - (int)(at - first)), out entry, out var width);
        at += width;
        return isRead;
    }
}

namespace ClusterTrail.Agent.Sources;

/// <summary>A file held open until it is read to its end, whatever happens to its name.</summary>
sealed class FollowedFile(ILogFile file, FirstLine? first, long offset, bool isLive, bool isGzip, int maxLineBytes, TimeProvider time) : IDisposable
{
    LineReader? reader;
    long grownAt = time.GetTimestamp();

    public FileNumber Number => file.Number;

    public FirstLine? First { get; private set; } = first;

    public bool IsGzip => isGzip;

    /// <summary>Whether it has its name no more, and so will not grow.</summary>
    public bool IsRetired { get; private set; } = !isLive;

    public long Offset => reader?.Offset ?? offset;

    public long Length => file.Length;

    /// <summary>Whether it ends in the middle of a line.</summary>
    public bool HasTail => reader is { HasTail: true };

    public TimeSpan QuietFor => time.GetElapsedTime(grownAt);

    public void Retire() => IsRetired = true;

    /// <summary>Reads the first line, if that is still to be done; false while it has no end.</summary>
    public bool TryIdentify(bool isWhole)
    {
        First ??= FirstLine.Read(file, isWhole);
        return First is not null;
    }

    /// <summary>Goes on from there; only before anything was read.</summary>
    public void SkipTo(long start) => reader = new(file, start, maxLineBytes);

    public ReadResult Read(out RawLine line)
    {
        reader ??= new(file, offset, maxLineBytes);
        while (!reader.TryTake(out line))
        {
            var read = reader.Fill();
            if (read == 0)
            {
                // Another content may have grown to just this length.
                return (!isGzip && file.Length < reader.ReadOffset) || HasChanged() ? ReadResult.Changed : ReadResult.End;
            }

            // Checked after the read, so that no byte of another content is taken for one of this.
            if (HasChanged())
            {
                reader.Unfill(read);
                return ReadResult.Changed;
            }

            grownAt = time.GetTimestamp();
        }

        return ReadResult.Line;
    }

    /// <summary>What stands after the last newline, as a line.</summary>
    public RawLine ReadTail() => reader!.TakeTail();

    bool HasChanged() => !isGzip && !First!.IsStillOf(file);

    public void Dispose()
    {
        reader?.Dispose();
        file.Dispose();
    }
}

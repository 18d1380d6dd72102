using ClusterTrail.Archive;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>One file in a container's folder. It stays readable while it is held open, whatever happens to its name.</summary>
sealed class ContainerFile(FileNumber number, LogName name, TimeProvider time) : IDisposable
{
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    long quietSince = time.GetTimestamp();
    long lastLength = -1;

    public FileNumber Number => number;

    public LogName Name { get; private set; } = name;

    public ILogFile? Text { get; private set; }

    /// <summary>Whether its name is gone.</summary>
    public bool IsGone { get; private set; }

    /// <summary>How far it was read; null until its first line is there.</summary>
    public ReadState? State { get; private set; }

    /// <summary>The first byte to read next.</summary>
    public long ReadAt { get; set; }

    /// <summary>Whether there is nothing to read until it grows.</summary>
    public bool IsAtEnd { get; set; }

    /// <summary>Whether all of it was read, the rest without a line feed too, and nobody writes to it any more.</summary>
    public bool IsDone { get; set; }

    /// <summary>What it was told of last that keeps it from being read.</summary>
    public string? Trouble { get; set; }

    public bool IsRetired => IsGone || !Name.IsLive;

    /// <summary>Whether a line without its end will not get one.</summary>
    public bool IsSettled => IsRetired && (Name.IsCompressed || QuietFor >= Quiet);

    /// <summary>Whether only the agent keeps it on the disk, because it is not read to its end.</summary>
    public bool IsHeld => IsGone && Text is not null && !IsDone;

    public TimeSpan QuietFor => time.GetElapsedTime(quietSince);

    public void Open(ILogFile file) =>
        Text = Name.IsCompressed ? new CompressedLogFile(file, stream => Codec.Gzip.Decompress(stream)) : file;

    public void Rename(LogName now)
    {
        if (now != Name)
        {
            (Name, quietSince) = (now, time.GetTimestamp());
        }
    }

    public void Lose()
    {
        if (!IsGone)
        {
            (IsGone, quietSince) = (true, time.GetTimestamp());
        }
    }

    /// <summary>Looks whether it grew. False when it became shorter than what was read of it.</summary>
    public bool Look()
    {
        if (Text is null || Name.IsCompressed)
        {
            return true;
        }

        var length = Text.Length;
        if (length != lastLength)
        {
            (lastLength, quietSince, IsAtEnd, IsDone) = (length, time.GetTimestamp(), false, false);
        }

        if (State is { } state)
        {
            (state.Size, state.IsLive) = (Math.Max(length, state.Offset), !IsRetired);
            return length >= state.Offset;
        }

        return true;
    }

    /// <summary>Goes on where a log was read to.</summary>
    public void Take(ReadState state)
    {
        (State, ReadAt) = (state, state.ReadFrom);
        (state.Holder, state.IsEnded, state.IsLive, state.IsGivenUp) = (this, false, !IsRetired, false);
    }

    /// <summary>Takes it for another log from now on.</summary>
    public void StartOver()
    {
        Release();
        (State, ReadAt, IsAtEnd, IsDone, lastLength) = (null, 0, false, false, -1);
    }

    /// <summary>Closes it; it may be opened again.</summary>
    public void Dispose()
    {
        Text?.Dispose();
        Text = null;
        Release();
    }

    void Release()
    {
        if (State is { } state && state.Holder == this)
        {
            (state.Holder, state.IsEnded) = (null, IsDone);
            state.Clear();
        }
    }
}

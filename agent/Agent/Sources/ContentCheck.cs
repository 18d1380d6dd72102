namespace ClusterTrail.Agent.Sources;

/// <summary>Whether a plain file still has the bytes that were read of it.</summary>
sealed class ContentCheck(ILogFile file, TimeProvider time)
{
    const int TailBytes = 64;

    long sameAt = time.GetTimestamp();

    /// <summary>How long ago it was last seen to have them.</summary>
    public TimeSpan SameFor => time.GetElapsedTime(sameAt);

    /// <summary>Compares the last bytes before a read with what the file has there now.</summary>
    /// <remarks>To be asked after the read, so that no byte of another content is taken for one of this.</remarks>
    /// <param name="read">How many bytes were just read.</param>
    /// <exception cref="IOException">The bytes cannot be read now.</exception>
    public bool HasChanged(LineReader reader, FirstLine first, int read)
    {
        Span<byte> now = stackalloc byte[TailBytes];
        var end = reader.ReadOffset - read;
        var last = reader.LastRead(TailBytes + read)[..^read];
        var isSame = (read > 0 || file.Length >= end)
            && first.IsStillOf(file)
            && FileBytes.Fill(file, now[..last.Length], end - last.Length) == last.Length
            && now[..last.Length].SequenceEqual(last);
        sameAt = isSame ? time.GetTimestamp() : sameAt;
        return !isSame;
    }
}

namespace ClusterTrail.History.Reading;

/// <summary>Cuts a stream into lines.</summary>
/// <remarks>Guarantees: what a line takes in memory is bounded, however long it is.</remarks>
static class Lines
{
    const int FirstBufferBytes = 64 << 10;

    /// <summary>The lines; the last need not end.</summary>
    /// <param name="stream">It is closed at the end.</param>
    /// <param name="mostBytes">Of one line.</param>
    internal static IEnumerable<Line> Read(Stream stream, int mostBytes = Limits.RecordBytes)
    {
        using var owned = stream;
        var buffer = new byte[Math.Min(FirstBufferBytes, mostBytes + 1)];
        var (start, end, skips) = (0, 0, false);
        while (true)
        {
            for (var length = LineLength(buffer, start, end); length >= 0; length = LineLength(buffer, start, end))
            {
                if (!skips)
                    yield return new(buffer.AsMemory(start, length));
                start += length + 1;
                skips = false;
            }

            // At once, and not at its end: it may have none.
            if (!skips && end - start > mostBytes)
            {
                skips = true;
                yield return new(default, IsTooLong: true);
            }

            (buffer, start, end) = skips ? (buffer, 0, 0) : MakeRoom(buffer, start, end, mostBytes);
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                break;
            end += read;
        }

        if (end > start && !skips)
            yield return new(buffer.AsMemory(start, end - start));
    }

    static int LineLength(byte[] buffer, int start, int end) => buffer.AsSpan(start, end - start).IndexOf((byte)'\n');

    // The buffer never has more than a line of the greatest length and the byte that shows it is longer.
    static (byte[] Buffer, int Start, int End) MakeRoom(byte[] buffer, int start, int end, int mostBytes)
    {
        var rest = buffer.AsSpan(start, end - start);
        var grows = rest.Length > buffer.Length / 2 && buffer.Length <= mostBytes;
        var target = grows ? new byte[(int)Math.Min(buffer.Length * 2L, mostBytes + 1L)] : buffer;
        rest.CopyTo(target);
        return (target, 0, rest.Length);
    }
}

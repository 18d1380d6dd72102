namespace ClusterTrail.Kubectl.Reading;

/// <summary>Cuts a stream into lines.</summary>
static class Lines
{
    const int FirstBufferBytes = 64 << 10;
    const int MaxLineBytes = 256 << 20;

    /// <summary>The lines without their line feeds; each is valid until the next is asked for. The last need not end.</summary>
    /// <exception cref="InvalidDataException">A line is longer than any event: what a crafted object may cost has an end.</exception>
    internal static IEnumerable<ReadOnlyMemory<byte>> Read(Stream stream)
    {
        using var owned = stream;
        var buffer = new byte[FirstBufferBytes];
        var (start, end) = (0, 0);
        while (true)
        {
            for (var length = LineLength(buffer, start, end); length >= 0; length = LineLength(buffer, start, end))
            {
                yield return buffer.AsMemory(start, length);
                start += length + 1;
            }

            (buffer, start, end) = MakeRoom(buffer, start, end);
            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
                break;
            end += read;
        }

        if (end > start)
            yield return buffer.AsMemory(start, end - start);
    }

    static int LineLength(byte[] buffer, int start, int end) => buffer.AsSpan(start, end - start).IndexOf((byte)'\n');

    static (byte[] Buffer, int Start, int End) MakeRoom(byte[] buffer, int start, int end)
    {
        var rest = buffer.AsSpan(start, end - start);
        if (rest.Length >= MaxLineBytes)
            throw new InvalidDataException("A line is too long.");
        var target = rest.Length > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        rest.CopyTo(target);
        return (target, 0, rest.Length);
    }
}

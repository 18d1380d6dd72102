namespace ClusterTrail.Agent.Sources;

/// <summary>Where the last whole line of a file ends, before some byte.</summary>
static class LineEnd
{
    /// <summary>Whether a line, or a run of NUL bytes, ends before this byte.</summary>
    public static bool IsAt(ILogFile file, long offset)
    {
        Span<byte> last = stackalloc byte[1];
        return offset == 0 || (file.Read(last, offset - 1) == 1 && last[0] is (byte)'\n' or 0);
    }

    /// <param name="before">Where to look from.</param>
    public static long Last(ILogFile file, long before)
    {
        var block = new byte[64 << 10];
        for (var end = before; end > 0;)
        {
            var start = Math.Max(0, end - block.Length);
            var read = file.Read(block.AsSpan(0, (int)(end - start)), start);
            var newline = block.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                return start + newline + 1;
            }

            end = start;
        }

        return 0;
    }
}

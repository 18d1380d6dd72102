namespace ClusterTrail.Agent.Sources;

/// <summary>Where the last whole line of a file ends.</summary>
static class LineEnd
{
    public static long Last(ILogFile file)
    {
        var block = new byte[64 << 10];
        for (var end = file.Length; end > 0;)
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

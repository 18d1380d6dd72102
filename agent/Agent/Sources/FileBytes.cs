namespace ClusterTrail.Agent.Sources;

static class FileBytes
{
    /// <summary>Reads until the buffer is full or the file ends.</summary>
    public static int Fill(ILogFile file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        while (filled < buffer.Length && file.Read(buffer[filled..], offset + filled) is > 0 and var read)
        {
            filled += read;
        }

        return filled;
    }
}

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

    /// <summary>Reads until the buffer is full, the file ends, or nothing more of it can be decompressed.</summary>
    public static int FillWhole(ILogFile file, Span<byte> buffer, long offset)
    {
        var filled = 0;
        try
        {
            while (filled < buffer.Length && file.Read(buffer[filled..], offset + filled) is > 0 and var read)
            {
                filled += read;
            }
        }
        catch (InvalidDataException)
        {
            // What is whole before the damage is enough.
        }

        return filled;
    }
}

namespace ClusterTrail.History.Reading;

/// <summary>Files that the command line names. They may also be pipes, as in <c>--key &lt;(pass show auditor)</c>.</summary>
/// <remarks>Guarantees: no more than the bound is read, however much there is.</remarks>
static class NamedFile
{
    /// <summary>The bound of a key, or of certificates.</summary>
    internal const int MostKeyBytes = 1 << 20;

    /// <summary>The bound of a file of Trails or rules. YAML of that size takes about a hundred times as much memory.</summary>
    internal const int MostInputBytes = 32 << 20;

    const int FirstBytes = 64 << 10;

    /// <exception cref="TrailException">It cannot be read, or is larger.</exception>
    internal static Memory<byte> Read(string path, int mostBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return Read(file, mostBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(ExitCode.BadUsage, $"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="TrailException">It cannot be read, or is larger.</exception>
    internal static Memory<byte> ReadStandardInput(int mostBytes)
    {
        try
        {
            using var input = Console.OpenStandardInput();
            return Read(input, mostBytes);
        }
        catch (IOException e)
        {
            throw new TrailException(ExitCode.BadUsage, $"Standard input cannot be read: {e.Message}", e);
        }
    }

    /// <summary>All of a stream.</summary>
    /// <exception cref="InputTooLargeException">It is larger.</exception>
    internal static Memory<byte> Read(Stream stream, int mostBytes, long? expectedBytes = null)
    {
        // One byte more shows the end without another buffer.
        var content = new byte[Math.Min(expectedBytes ?? FirstBytes, mostBytes) + 1];
        var length = 0;
        int read;
        while ((read = stream.Read(content, length, content.Length - length)) > 0)
        {
            length += read;
            if (length > mostBytes)
                throw new InputTooLargeException(mostBytes);
            if (length == content.Length)
                Array.Resize(ref content, (int)Math.Min(length * 2L, mostBytes + 1L));
        }

        return content.AsMemory(0, length);
    }
}

namespace ClusterTrail.Agent.Sources;

/// <summary>An open file: it stays readable when it is renamed or deleted.</summary>
interface ILogFile : IDisposable
{
    FileNumber Number { get; }

    /// <summary>How many bytes it has now.</summary>
    long Length { get; }

    /// <summary>Reads up to the buffer's length; 0 at the end.</summary>
    /// <exception cref="IOException">The bytes cannot be read now.</exception>
    int Read(Span<byte> buffer, long offset);

    /// <summary>The first byte at or after this one that is not in a hole; the length when there is none.</summary>
    long NextData(long offset);
}

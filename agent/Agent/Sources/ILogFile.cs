namespace ClusterTrail.Agent.Sources;

/// <summary>An open file: it stays readable when it is renamed or deleted.</summary>
interface ILogFile : IDisposable
{
    FileNumber Number { get; }

    /// <summary>How many bytes it has now.</summary>
    long Length { get; }

    /// <summary>Reads up to the buffer's length; 0 at the end.</summary>
    int Read(Span<byte> buffer, long offset);
}

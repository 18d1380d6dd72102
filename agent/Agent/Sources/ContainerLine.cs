namespace ClusterTrail.Agent.Sources;

/// <summary>What is known of the line that a source gave out last. One object for all lines.</summary>
sealed class ContainerLine
{
    const int LongestTime = 64;

    readonly byte[] time = new byte[LongestTime];
    int timeLength;

    public ContainerIdentity Container { get; private set; } = null!;

    public bool IsError { get; private set; }

    /// <summary>How many bytes the container wrote, kept or not.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether the log ended before the line did.</summary>
    public bool IsUnended { get; private set; }

    public ReadOnlySpan<byte> Time => time.AsSpan(0, timeLength);

    public void Set(ContainerIdentity container, ReadOnlySpan<byte> writtenAt, bool isError, long bytes, bool isUnended)
    {
        (Container, IsError, Bytes, IsUnended) = (container, isError, bytes, isUnended);
        timeLength = Math.Min(writtenAt.Length, LongestTime);
        writtenAt[..timeLength].CopyTo(time);
    }
}

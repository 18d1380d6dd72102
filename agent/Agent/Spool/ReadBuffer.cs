namespace ClusterTrail.Agent.Spool;

/// <summary>Memory for one batch after the other, of whoever delivers them: batches are too large to leave each to the collector.</summary>
sealed class ReadBuffer
{
    byte[] bytes = [];

    /// <summary>Room for so many bytes. What it gave before is overwritten.</summary>
    public Memory<byte> Room(int length)
    {
        if (bytes.Length < length)
        {
            bytes = GC.AllocateUninitializedArray<byte>(length);
        }

        return bytes.AsMemory(0, length);
    }

    /// <summary>Leaves what it gave to others, who may still read it: a put that was given up on, for example.</summary>
    public void Abandon() => bytes = [];
}

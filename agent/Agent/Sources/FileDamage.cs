namespace ClusterTrail.Agent.Sources;

/// <summary>Why a compressed file cannot be decompressed to its end; it may be in the making, and is tried again when it has
/// grown.</summary>
sealed class FileDamage(ILogFile file, TimeProvider time)
{
    long length;
    long foundAt;

    /// <summary>Null while it can.</summary>
    public string? Reason { get; private set; }

    /// <summary>Notes it; false when it is known.</summary>
    public bool TryNote(string reason)
    {
        if (Reason is not null)
        {
            return false;
        }

        (Reason, length, foundAt) = (reason, file.Length, time.GetTimestamp());
        return true;
    }

    /// <summary>Whether the file is still as it was; if not, it is to be tried again.</summary>
    /// <param name="rest">How long it is not tried again in any case.</param>
    public bool Remains(TimeSpan rest)
    {
        if (Reason is not null && (file.Length == length || time.GetElapsedTime(foundAt) < rest))
        {
            return true;
        }

        Reason = null;
        return false;
    }
}

using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Testing;

/// <summary>A file of <see cref="InMemoryLogFiles"/>: what has an inode, with a name or without.</summary>
sealed class InMemoryFile
{
    public required ulong Inode { get; init; }

    /// <summary>When it was made, in changes of the folder.</summary>
    public required long Born { get; init; }

    public required FileKind Kind { get; init; }

    /// <summary>Whether it was written for a moment only, beside the file before.</summary>
    public bool IsBrief { get; set; }

    public List<byte> Bytes { get; } = [];

    public int Handles { get; set; }

    /// <summary>When it was changed last, in changes of the folder.</summary>
    public long Changed { get; set; }

    /// <summary>When it was changed, named or renamed last.</summary>
    public DateTimeOffset Touched { get; set; }

    /// <summary>From where on it cannot be read.</summary>
    public long? BrokenFrom { get; set; }
}

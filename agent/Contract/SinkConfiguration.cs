namespace ClusterTrail.Contract;

public enum SinkType
{
    Directory,
    S3,
}

/// <summary>Where sealed batches go.</summary>
public sealed record SinkConfiguration
{
    public required SinkType Type { get; init; }

    /// <summary>Given when the type is Directory.</summary>
    public DirectorySinkConfiguration? Directory { get; init; }

    /// <summary>Given when the type is S3.</summary>
    public S3SinkConfiguration? S3 { get; init; }
}

/// <summary>An archive in a local folder, or on a mounted volume.</summary>
public sealed record DirectorySinkConfiguration
{
    /// <summary>The absolute path of the archive's root.</summary>
    public required string Path { get; init; }
}

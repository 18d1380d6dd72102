using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

public sealed record TrailSink
{
    public required SinkType Type { get; init; }

    public TrailS3Sink? S3 { get; init; }

    public TrailDirectorySink? Directory { get; init; }
}

public enum DirectoryType
{
    HostPath,
    PersistentVolumeClaim,
}

public sealed record TrailDirectorySink
{
    public required DirectoryType Type { get; init; }

    public HostPath? HostPath { get; init; }

    public PersistentVolumeClaim? PersistentVolumeClaim { get; init; }
}

public sealed record HostPath
{
    public required string Path { get; init; }
}

public sealed record PersistentVolumeClaim
{
    public required string ClaimName { get; init; }
}

using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

public sealed record TrailSources
{
    public required ApiServerSource ApiServer { get; init; }
}

public enum ApiServerSourceType
{
    LogFile,
}

public sealed record ApiServerSource
{
    public required ApiServerSourceType Type { get; init; }

    public ApiServerLogFile? LogFile { get; init; }
}

public sealed record ApiServerLogFile
{
    public required string Path { get; init; }

    public StartAt StartAt { get; init; } = StartAt.Beginning;

    public int MaxEventBytes { get; init; } = 16 << 20;
}

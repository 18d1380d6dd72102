using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

public sealed record TrailSources
{
    public required ApiServerSource ApiServer { get; init; }
}

public enum ApiServerSourceType
{
    LogFile,

    Webhook,
}

public sealed record ApiServerSource
{
    public required ApiServerSourceType Type { get; init; }

    public ApiServerLogFile? LogFile { get; init; }

    /// <summary>How it is received; null is as by default, when the type is Webhook.</summary>
    public ApiServerWebhook? Webhook { get; init; }

    /// <summary>The same, with what is not given as by default; null when the type is another.</summary>
    public ApiServerWebhook? Receiver() => Type == ApiServerSourceType.Webhook ? Webhook ?? new() : null;
}

public sealed record ApiServerLogFile
{
    public required string Path { get; init; }

    public StartAt StartAt { get; init; } = StartAt.Beginning;

    public int MaxEventBytes { get; init; } = 16 << 20;
}

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

    Bucket,

    EventHubs,

    Admission,
}

public sealed record ApiServerSource
{
    public required ApiServerSourceType Type { get; init; }

    public ApiServerLogFile? LogFile { get; init; }

    /// <summary>How it is received; null is as by default, when the type is Webhook.</summary>
    public ApiServerWebhook? Webhook { get; init; }

    /// <summary>What is followed, when the type is Bucket.</summary>
    public ApiServerBucket? Bucket { get; init; }

    /// <summary>What is read, when the type is EventHubs.</summary>
    public ApiServerEventHubs? EventHubs { get; init; }

    /// <summary>How it is asked; null is as by default, when the type is Admission.</summary>
    public ApiServerAdmission? Admission { get; init; }

    /// <summary>Whether one agent with a volume of its own reads it, and not one on each control-plane node.</summary>
    public bool IsCollected() =>
        Type is ApiServerSourceType.Bucket or ApiServerSourceType.EventHubs or ApiServerSourceType.Admission
            || Receiver()?.Placement == WebhookPlacement.Service;

    /// <summary>What API servers call; null when agents read what they need themselves.</summary>
    public CalledPort? Called() => (Receiver(), Asked()) switch
    {
        ({ } webhook, _) => new(webhook.Port, webhook.Placement == WebhookPlacement.Service, webhook.CertificateSecretName),
        (_, { } admission) => new(admission.Port, IsService: true, CertificateSecretName: null),
        _ => null,
    };

    /// <summary>How admission asks, with what is not given as by default; null when the type is another.</summary>
    public ApiServerAdmission? Asked() => Type == ApiServerSourceType.Admission ? Admission ?? new() : null;

    /// <summary>The same, with what is not given as by default; null when the type is another.</summary>
    public ApiServerWebhook? Receiver() => Type == ApiServerSourceType.Webhook ? Webhook ?? new() : null;
}

public sealed record ApiServerLogFile
{
    public required string Path { get; init; }

    public StartAt StartAt { get; init; } = StartAt.Beginning;

    public int MaxEventBytes { get; init; } = 16 << 20;
}

using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Trails.Api;

/// <summary>Where findings are sent.</summary>
public sealed record TrailNotifications
{
    public TrailWebhook? Webhook { get; init; }
}

public sealed record TrailWebhook
{
    public required string Url { get; init; }

    public WebhookSecret? Secret { get; init; }

    public CaBundle? CaBundle { get; init; }

    public DetectionSeverity MinSeverity { get; init; } = DetectionSeverity.High;

    public int TimeoutSeconds { get; init; } = 10;
}

/// <summary>Names a Secret and its key; never a value.</summary>
public sealed record WebhookSecret
{
    public required string Name { get; init; }

    public string Key { get; init; } = "secret";
}

using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Contract;

/// <summary>Where findings are sent, in addition to the metrics and the archive.</summary>
public sealed record NotificationsConfiguration
{
    /// <summary>The default is none.</summary>
    public WebhookConfiguration? Webhook { get; init; }
}

/// <summary>A receiver of CloudEvents 1.0, one a request, signed as Standard Webhooks 1.0.0 says when there is a secret.</summary>
public sealed record WebhookConfiguration
{
    public required string Url { get; init; }

    /// <summary>The file of the HMAC-SHA256 key, read for every request. The default is none: requests are not signed.</summary>
    public string? SecretPath { get; init; }

    /// <summary>A PEM file of the authorities to trust. The default is the system's.</summary>
    public string? CaBundlePath { get; init; }

    /// <summary>Findings below it are not sent. The default is high.</summary>
    public DetectionSeverity MinSeverity { get; init; } = DetectionSeverity.High;

    /// <summary>After how many seconds without an answer a request is tried again, 1 to 300. The default is 10.</summary>
    public int TimeoutSeconds { get; init; } = 10;
}

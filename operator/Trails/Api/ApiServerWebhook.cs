namespace ClusterTrail.Trails.Api;

/// <summary>Where agents receive what API servers send.</summary>
public enum WebhookPlacement
{
    /// <summary>Each beside an API server, on 127.0.0.1 of its node.</summary>
    ControlPlaneNodes,

    /// <summary>One for all API servers, behind a Service.</summary>
    Service,
}

/// <summary>How agents receive what API servers send by their webhook backend.</summary>
public sealed record ApiServerWebhook
{
    public WebhookPlacement Placement { get; init; } = WebhookPlacement.ControlPlaneNodes;

    /// <summary>Of 127.0.0.1 of each node, on which the API server beside the agent reaches it; or of the Service.</summary>
    public int Port { get; init; } = 9443;

    /// <summary>
    /// A Secret of the operator's namespace with tls.crt, tls.key and ca.crt, as cert-manager writes it. Without one the operator makes
    /// them.
    /// </summary>
    public string? CertificateSecretName { get; init; }

    public long JournalMaxBytes { get; init; } = 1L << 30;

    public int MaxEventBytes { get; init; } = 16 << 20;
}

namespace ClusterTrail.Testing.Cluster;

/// <summary>How an API server is to audit.</summary>
public sealed record ClusterOptions
{
    /// <summary>A YAML document of audit.k8s.io/v1. The default records bodies of everything but secrets and tokens.</summary>
    public string AuditPolicy { get; init; } = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        rules:
        - level: Metadata
          resources: [{ group: "", resources: [secrets, serviceaccounts/token] }]
        - level: RequestResponse
        """;

    /// <summary>At which size the log is rotated.</summary>
    public int AuditLogMegabytes { get; init; } = 100;

    /// <summary>Where the webhook backend sends events, in batches every fifth of a second; null for no webhook backend.</summary>
    public Uri? AuditWebhook { get; init; }

    /// <summary>Whom the API server trusts there, in PEM, and the certificate that it shows; null: it speaks plain HTTP.</summary>
    public (string AuthorityPem, (string Certificate, string Key) Client)? AuditWebhookTls { get; init; }
}

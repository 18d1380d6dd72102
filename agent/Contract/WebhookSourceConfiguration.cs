namespace ClusterTrail.Contract;

/// <summary>Where the agent receives audit events of kube-apiserver's webhook backend.</summary>
public sealed record WebhookSourceConfiguration
{
    /// <summary>The IP address and port, such as <c>127.0.0.1:9443</c>, or <c>[::]:9443</c> for all addresses.</summary>
    public required string Listen { get; init; }

    /// <summary>
    /// The PEM file of the server's certificate and the intermediate ones; or a folder of such files NAME.crt, each with its private key
    /// NAME.key, of which the one that expires last counts. It is read again when it changes.
    /// </summary>
    public required string CertificatePath { get; init; }

    /// <summary>The PEM file of its private key. Omit it if certificatePath is a folder.</summary>
    public string? PrivateKeyPath { get; init; }

    /// <summary>
    /// The PEM file of the authorities that sign API servers' client certificates. Whoever has such a certificate can add events, so let them
    /// sign nothing else.
    /// </summary>
    public required string ClientCaPath { get; init; }

    /// <summary>
    /// How many bytes of events may wait in the state directory for the pipeline. API servers are told to wait then. The default is 1 GiB.
    /// </summary>
    public long JournalMaxBytes { get; init; } = 1L << 30;

    /// <summary>The largest event kept whole, in bytes; of a longer one long strings and bodies are cut. The default is 16 MiB.</summary>
    public int MaxEventBytes { get; init; } = 16 << 20;
}

namespace ClusterTrail.Contract;

/// <summary>Where the agent answers the admission reviews of API servers, of which it makes events.</summary>
public sealed record AdmissionSourceConfiguration
{
    /// <summary>The IP address and port, such as <c>127.0.0.1:9444</c>, or <c>[::]:9444</c> for all addresses.</summary>
    public required string Listen { get; init; }

    /// <summary>
    /// The PEM file of the server's certificate and the intermediate ones; or a folder of such files NAME.crt, each with its private key
    /// NAME.key, of which the one that expires last counts. It is read again when it changes.
    /// </summary>
    public required string CertificatePath { get; init; }

    /// <summary>The PEM file of its private key. Omit it if certificatePath is a folder.</summary>
    public string? PrivateKeyPath { get; init; }

    /// <summary>
    /// The PEM file of the authorities that sign API servers' client certificates. Without it no certificate is asked for: most API servers
    /// show none to admission webhooks.
    /// </summary>
    public string? ClientCaPath { get; init; }

    /// <summary>
    /// The file of the secret that ends the path of the webhook's URL, <c>/admission/TOKEN</c>: 32 to 128 of a-z, A-Z, 0-9, '-' and '_'.
    /// It may have several, one a line. It is read again when it changes; one that is no longer in it is accepted for a minute more.
    /// </summary>
    public required string PathTokenPath { get; init; }

    /// <summary>
    /// How many bytes of events may wait in memory for the disk. What comes then is lost, and counted. The default is 64 MiB.
    /// </summary>
    public long QueueMaxBytes { get; init; } = 64 << 20;

    /// <summary>How many bytes of events may wait in the state directory for the pipeline. The default is 1 GiB.</summary>
    public long JournalMaxBytes { get; init; } = 1L << 30;

    /// <summary>The largest event kept whole, in bytes; of a longer one long strings and bodies are cut. The default is 16 MiB.</summary>
    public int MaxEventBytes { get; init; } = 16 << 20;
}

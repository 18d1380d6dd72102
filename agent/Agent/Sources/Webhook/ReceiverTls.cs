namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>The files of a receiver's certificates.</summary>
/// <param name="CertificatePath">The server's, or a folder of such files.</param>
/// <param name="PrivateKeyPath">Null if that is a folder.</param>
/// <param name="ClientCaPath">Who signs clients' certificates; null: none is asked for.</param>
sealed record ReceiverTls(string CertificatePath, string? PrivateKeyPath, string? ClientCaPath)
{
    public override string ToString() => ClientCaPath is null ? CertificatePath : $"{CertificatePath} or {ClientCaPath}";
}

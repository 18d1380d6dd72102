namespace ClusterTrail.Trails.Api;

/// <summary>Where API servers call agents.</summary>
/// <param name="IsService">Whether behind a Service; otherwise on 127.0.0.1 of each node.</param>
/// <param name="CertificateSecretName">Null: the operator makes the certificates.</param>
public sealed record CalledPort(int Port, bool IsService, string? CertificateSecretName);

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>A credential that never changes.</summary>
sealed class FixedCredential(Credential credential) : ICredentialSource
{
    public ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellationToken) => new(credential);
}

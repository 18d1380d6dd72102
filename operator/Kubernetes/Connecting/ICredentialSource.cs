namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>Where credentials come from, as they change while we run.</summary>
interface ICredentialSource
{
    /// <param name="refused">A credential that the API server rejected: a source that can returns another one.</param>
    ValueTask<Credential> GetAsync(Credential? refused, CancellationToken cancellationToken);
}

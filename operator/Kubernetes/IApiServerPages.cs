namespace ClusterTrail.Kubernetes;

/// <summary>What each API server says of itself, asked by its own address: a Service would give any of them.</summary>
public interface IApiServerPages
{
    /// <param name="address">Of one API server, with its port, such as <c>10.0.0.1:6443</c>.</param>
    /// <returns>The text of its metrics; to be disposed of.</returns>
    /// <exception cref="HttpRequestException">It does not answer, is another than it should be, or refuses.</exception>
    Task<Stream> MetricsAsync(string address, CancellationToken cancellationToken);
}

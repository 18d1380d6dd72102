using ClusterTrail.Testing.Nodes.Runtime;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>What all kubelets of a world share.</summary>
sealed record KubeletParts(
    Clients Clients,
    EventRecorder Events,
    IPodRuntime Runtime,
    Images Images,
    LoopbackSubnet Addresses,
    TimeProvider Time,
    WorldSettings Settings)
{
    public HttpClient Http { get; } = new(
        new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero });

    public DateTimeOffset Now => Time.GetUtcNow();
}

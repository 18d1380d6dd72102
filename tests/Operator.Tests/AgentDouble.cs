using System.Collections.Concurrent;
using ClusterTrail.Contract.Status;
using ClusterTrail.Testing;

namespace ClusterTrail.Operator.Tests;

/// <summary>What an agent says, whatever the test wants it to. It is known by its Trail's port, which is no other Trail's.</summary>
sealed class AgentDouble : IAsyncDisposable
{
    static readonly ConcurrentDictionary<int, AgentDouble> Known = new();

    AgentDouble() => Known[Port] = this;

    public AgentStatus Status { get; set; } = Some.Status();

    public int Port { get; } = FreePort.Next();

    public static Task<AgentDouble> StartAsync() => Task.FromResult(new AgentDouble());

    public static AgentDouble? Of(int port) => Known.GetValueOrDefault(port);

    public ValueTask DisposeAsync()
    {
        Known.TryRemove(Port, out _);
        return default;
    }
}

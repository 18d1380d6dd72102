using System.Net;
using System.Net.Sockets;

namespace ClusterTrail.Testing.Nodes.Runtime;

/// <summary>
/// Addresses for pods: one each, so that several agents use the same port at once. All of them are this machine's loopback.
/// </summary>
/// <remarks>A world has 127.a.b.0/24 to itself, other processes included: it listens on the first address as long as it lives.</remarks>
sealed class LoopbackSubnet : IDisposable
{
    const int Port = 40101;
    const int Networks = 1 << 16;

    readonly Socket held;
    readonly int network;
    int last = 1;

    public LoopbackSubnet()
    {
        var first = Environment.ProcessId * 251;
        for (var attempt = 0; ; attempt++)
        {
            network = 1 + ((first + attempt) % (Networks - 1));
            if (TryHold(network) is { } socket)
            {
                held = socket;
                return;
            }

            if (attempt == Networks)
                throw new InvalidOperationException("All of 127.0.0.0/8 is taken.");
        }
    }

    /// <summary>An address that no pod of this world has had lately.</summary>
    public string Next() => Address(network, 2 + ((Interlocked.Increment(ref last) - 2) % 250));

    public void Dispose() => held.Dispose();

    static Socket? TryHold(int network)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(Address(network, 1)), Port));
            socket.Listen();
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    static string Address(int network, int host) => $"127.{network >> 8}.{network & 255}.{host}";
}

using System.Net;
using System.Net.Sockets;

namespace ClusterTrail.Testing;

/// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    const int Attempts = 5;

    public static int Next() => Next(1)[0];

    /// <summary>Several that differ: one that is let go of may be given out again.</summary>
    public static IReadOnlyList<int> Next(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    /// <summary>Starts a server on a free port, and on another when somebody took it meanwhile.</summary>
    public static Task<T> StartAsync<T>(Func<int, Task<T>> start) => StartAsync(Next, start);

    internal static async Task<T> StartAsync<T>(Func<int> next, Func<int, Task<T>> start)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start(next());
            }
            catch (ServerFailedException e) when (e.IsPortTaken && attempt < Attempts)
            {
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace ClusterTrail.Testing;

/// <summary>A port of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    const int Attempts = 5;

    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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

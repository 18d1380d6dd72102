using System.Net;
using System.Net.Sockets;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>A server that answers each request with the test's bytes, whatever they are, and closes the connection after them.</summary>
sealed class RawStore : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stopping = new();
    readonly Func<IEnumerable<byte[]>> answer;
    readonly Task accepting;
    int requests;
    long sent;

    /// <param name="answer">The parts of an answer; they may be endless.</param>
    public RawStore(Func<IEnumerable<byte[]>> answer)
    {
        this.answer = answer;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Endpoint => $"http://{listener.LocalEndpoint}";

    public int Requests => Volatile.Read(ref requests);

    /// <summary>How many bytes the clients, or the buffers between, have accepted.</summary>
    public long Sent => Interlocked.Read(ref sent);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await accepting;
        listener.Stop();
        stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }

        await Task.WhenAll(serving);
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                if (await ProxiedRequest.ReadHeadAsync(client.GetStream(), stopping.Token) is not { } request)
                    return;
                await request.ReadBodyAsync(stopping.Token);
                Interlocked.Increment(ref requests);
                foreach (var part in answer())
                {
                    await client.GetStream().WriteAsync(part, stopping.Token);
                    Interlocked.Add(ref sent, part.Length);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                // The client has read enough, or the test is over.
            }
        }
    }
}

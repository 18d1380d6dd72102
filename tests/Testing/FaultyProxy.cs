using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClusterTrail.Testing;

/// <summary>Stands before a server and fails as scripted, one request after the other; after the script it only relays.</summary>
/// <remarks>Every request has a connection of its own. Bodies need a Content-Length.</remarks>
public sealed class FaultyProxy : IAsyncDisposable
{
    const string SlowDownBody =
        "<?xml version=\"1.0\"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";

    const string TooLargeBody =
        "<html><head><title>413 Request Entity Too Large</title></head><body><h1>413 Request Entity Too Large</h1></body></html>";

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stopping = new();
    readonly Uri target;
    readonly IEnumerator<Fault> script;
    readonly TimeSpan delay;
    readonly Task accepting;
    int requests;

    /// <param name="delay">How long <see cref="Fault.Delay"/> holds a request back.</param>
    public FaultyProxy(Uri target, IEnumerable<Fault> script, TimeSpan delay = default)
    {
        (this.target, this.script, this.delay) = (target, script.GetEnumerator(), delay);
        listener.Start();
        accepting = AcceptAsync();
    }

    public Uri Endpoint => new($"http://{listener.LocalEndpoint}");

    /// <summary>A larger body is answered by 413 as nginx does, and the server does not see it. The default is any.</summary>
    public long LargestBody { get; set; } = long.MaxValue;

    /// <summary>How many requests came, failed ones included.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>An endless script in which a share of the requests fails; the same seed gives the same script.</summary>
    public static IEnumerable<Fault> Random(int seed, double share)
    {
        var random = new Random(seed);
        while (true)
            yield return random.NextDouble() < share ? (Fault)random.Next(1, (int)Fault.Delay + 1) : Fault.None;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                if (await ProxiedRequest.ReadHeadAsync(client.GetStream(), stopping.Token) is { } request)
                    await RelayAsync(request, NextFault(), client);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
                Cut(client);
            }
        }
    }

    async Task RelayAsync(ProxiedRequest request, Fault fault, TcpClient client)
    {
        if (fault == Fault.CutBeforeBody)
        {
            Cut(client);
            return;
        }

        await request.ReadBodyAsync(stopping.Token);
        if (fault == Fault.Delay)
            await Task.Delay(delay, stopping.Token);
        var answer = request.BodyBytes > LargestBody ? TooLarge()
            : fault == Fault.SlowDown ? SlowDown()
            : await request.ForwardAsync(target, stopping.Token);
        if (fault == Fault.CutBeforeAnswer)
            Cut(client);
        else
            await client.GetStream().WriteAsync(answer, stopping.Token);
    }

    Fault NextFault()
    {
        lock (script)
        {
            requests++;
            return script.MoveNext() ? script.Current : Fault.None;
        }
    }

    static byte[] SlowDown() => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: {SlowDownBody.Length}\r\nConnection: "
            + $"close\r\n\r\n{SlowDownBody}");

    static byte[] TooLarge() => Encoding.ASCII.GetBytes(
        $"HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/html\r\nContent-Length: {TooLargeBody.Length}\r\nConnection: "
            + $"close\r\n\r\n{TooLargeBody}");

    // Without lingering, closing sends a reset: the client hears of it at once.
    static void Cut(TcpClient client)
    {
        client.LingerState = new LingerOption(true, 0);
        client.Close();
    }
}

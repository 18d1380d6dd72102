using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ClusterTrail.Testing;

/// <summary>One HTTP request on its way through a <see cref="FaultyProxy"/>.</summary>
sealed class ProxiedRequest
{
    readonly NetworkStream client;
    readonly string[] lines;
    byte[] body;

    ProxiedRequest(NetworkStream client, string head, byte[] bodyStart)
    {
        this.client = client;
        lines = head.Split("\r\n");
        body = bodyStart;
    }

    /// <summary>How long the body is, once it was read.</summary>
    public int BodyBytes => body.Length;

    /// <summary>Nothing, when the client closed the connection.</summary>
    public static async Task<ProxiedRequest?> ReadHeadAsync(NetworkStream client, CancellationToken cancellationToken)
    {
        var received = new List<byte>();
        var buffer = new byte[8192];
        while (true)
        {
            var count = await client.ReadAsync(buffer, cancellationToken);
            if (count == 0)
                return null;
            received.AddRange(buffer.AsSpan(0, count));
            var text = Encoding.Latin1.GetString([.. received]);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and > 0)
                return new(client, text[..end], [.. received[(end + 4)..]]);
        }
    }

    public async Task ReadBodyAsync(CancellationToken cancellationToken)
    {
        if (Header("Expect") is not null)
            await client.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellationToken);
        var received = body.Length;
        Array.Resize(ref body, int.Parse(Header("Content-Length") ?? "0", CultureInfo.InvariantCulture));
        await client.ReadExactlyAsync(body.AsMemory(received), cancellationToken);
    }

    /// <summary>The server's whole answer.</summary>
    public async Task<byte[]> ForwardAsync(Uri target, CancellationToken cancellationToken)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(target.Host, target.Port, cancellationToken);
        var server = connection.GetStream();
        await server.WriteAsync(Encoding.Latin1.GetBytes(HeadToForward()), cancellationToken);
        await server.WriteAsync(body, cancellationToken);
        using var answer = new MemoryStream();
        await server.CopyToAsync(answer, cancellationToken);
        return answer.ToArray();
    }

    // The Expect was answered here, and the end of the connection is the end of the answer.
    string HeadToForward()
    {
        var kept = lines.Where(line => !IsHeader(line, "Expect") && !IsHeader(line, "Connection"));
        return string.Join("\r\n", kept) + "\r\nConnection: close\r\n\r\n";
    }

    string? Header(string name) =>
        lines.FirstOrDefault(line => IsHeader(line, name))?[(name.Length + 1)..].Trim();

    static bool IsHeader(string line, string name) => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);
}

using System.Net;
using System.Net.Sockets;
using ClusterTrail.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClusterTrail.Agent.Sources.Webhook;

/// <summary>Listens for API servers over TLS: slow, many and unknown peers are kept from the others.</summary>
sealed class ReceiverServer : IAsyncDisposable
{
    // An API server needs one or two.
    const int MostConnections = 256;
    const int SlowestBytesPerSecond = 4096;

    static readonly TimeSpan LongestHandshake = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestHeaders = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    readonly WebApplication application;

    ReceiverServer(IPEndPoint endPoint, ReceiverCertificates certificates, ReceiverLimits limits, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            SetLimits(kestrel.Limits, limits);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
                kestrel.ListenAnyIP(endPoint.Port, listener => Configure(listener, certificates));
            else
                kestrel.Listen(endPoint, listener => Configure(listener, certificates));
        });
        application = builder.Build();
        application.Run(answer);
    }

    /// <summary>The port that is listened on.</summary>
    public int Port => new Uri(application.Urls.First()).Port;

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ReceiverServer> StartAsync(
        IPEndPoint endPoint, ReceiverCertificates certificates, ReceiverLimits limits, RequestDelegate answer,
        CancellationToken cancellationToken)
    {
        var server = new ReceiverServer(endPoint, certificates, limits, answer);
        try
        {
            await server.application.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception e)
        {
            await server.application.DisposeAsync();
            throw e is IOException or SocketException ? new IOException($"{endPoint} cannot be listened on: {e.Message}", e) : e;
        }
    }

    /// <summary>Answers what has begun, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(Grace);
        await application.StopAsync(limit.Token);
        await application.DisposeAsync();
    }

    static void Configure(ListenOptions listener, ReceiverCertificates certificates)
    {
        var limit = new ConnectionLimit(MostConnections);
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        listener.Use(next => async connection =>
        {
            var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
            using var place = limit.Enter(peer, connection.Abort);
            await next(connection);
        });
        listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = LongestHandshake,
            OnConnection = _ => ValueTask.FromResult(certificates.ForConnection()),
        });
    }

    static void SetLimits(KestrelServerLimits limits, ReceiverLimits requests)
    {
        limits.MaxRequestBodySize = requests.MostBytes;
        limits.MaxRequestLineSize = 2048;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.RequestHeadersTimeout = LongestHeaders;
        limits.MinRequestBodyDataRate = new(SlowestBytesPerSecond, Grace);
        limits.Http2.MaxStreamsPerConnection = requests.MostStreams;
        limits.Http2.InitialConnectionWindowSize = 8 << 20;
        limits.Http2.InitialStreamWindowSize = 4 << 20;
    }
}

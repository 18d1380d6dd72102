using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Telemetry;

/// <summary>
/// Serves <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c> and <c>/status</c> over plain HTTP, to be read only, and a page for another
/// program.
/// </summary>
/// <remarks>Guarantee: no peer keeps another from being answered, whatever it opens: see <see cref="ConnectionLimit"/>.</remarks>
public sealed partial class TelemetryServer : IAsyncDisposable
{
    // A scraper, a kubelet and a few people.
    const int MostConnections = 100;

    readonly WebApplication application;
    readonly TelemetryPages pages;
    readonly Dictionary<string, ExchangeReader> exchanges;
    readonly ILogger logger;

    TelemetryServer(IPEndPoint endPoint, TelemetryPages shown, ILogger log)
    {
        (pages, logger) = (shown, log);
        exchanges = shown.Exchanges.ToDictionary(page => page.Path, page => new ExchangeReader(page, shown));
        application = Build(endPoint);
        application.Run(AnswerAsync);
    }

    /// <summary>The address and port that are listened on. Without IPv6 on this machine, <c>0.0.0.0</c> instead of <c>[::]</c>.</summary>
    public string Listening => Bound.ToString();

    /// <summary>Where the server is reached from this machine.</summary>
    public Uri Url => new($"http://{(IsAny(Bound.Address) ? new IPEndPoint(IPAddress.Loopback, Bound.Port) : Bound)}");

    IPEndPoint Bound
    {
        get
        {
            var url = new Uri(application.Urls.Single());
            return new(IPAddress.Parse(url.Host), url.Port);
        }
    }

    /// <param name="listen">An IP address and a port; port 0 picks a free one.</param>
    /// <exception cref="TelemetryException">The address is wrong, or cannot be listened on.</exception>
    public static async Task<TelemetryServer> StartAsync(
        string listen, TelemetryPages pages, ILogger logger, CancellationToken cancellationToken)
    {
        var server = new TelemetryServer(ListenAddress.Parse(listen), pages, logger);
        try
        {
            await server.application.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new TelemetryException($"Telemetry cannot listen on {listen}: {Reason(e)}.", e);
        }
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    static WebApplication Build(IPEndPoint endPoint)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Listen(kestrel, endPoint, Limit);
            SetLimits(kestrel.Limits);
        });
        return builder.Build();
    }

    // [::] means every address, of IPv4 too. Only with this address, Kestrel falls back to IPv4 on a machine without IPv6.
    static void Listen(KestrelServerOptions kestrel, IPEndPoint endPoint, Action<ListenOptions> configure)
    {
        if (endPoint.Address.Equals(IPAddress.IPv6Any))
            kestrel.ListenAnyIP(endPoint.Port, configure);
        else
            kestrel.Listen(endPoint, configure);
    }

    static void Limit(ListenOptions listener)
    {
        var limit = new ConnectionLimit(MostConnections);
        listener.Protocols = HttpProtocols.Http1;
        listener.Use(next => async connection =>
        {
            var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
            using var place = limit.Enter(peer, connection.Abort);
            await next(connection);
        });
    }

    static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    static void SetLimits(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = null; // it would reject the newest, which may be a probe
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = 2048;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
    }

    async Task AnswerAsync(HttpContext context)
    {
        if (exchanges.TryGetValue(context.Request.Path.Value ?? "", out var exchange))
        {
            var answer = await exchange.AnswerAsync(context);
            if (answer.Signature is not null)
                context.Response.Headers[pages.SignatureHeaders.Signature] = answer.Signature;
            await WriteAsync(context, answer.Page, "GET, POST");
            return;
        }

        var shown = await PageAsync(context.Request, context.RequestAborted);
        Sign(context, shown);
        await WriteAsync(context, shown, "GET, HEAD");
    }

    static async Task WriteAsync(HttpContext context, TelemetryPage page, string methods)
    {
        if (page.StatusCode == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = methods;
        context.Response.StatusCode = page.StatusCode;
        context.Response.ContentType = page.ContentType;
        context.Response.ContentLength = page.Body.Length;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(page.Body, context.RequestAborted);
    }

    void Sign(HttpContext context, TelemetryPage page)
    {
        var (nonce, signature) = pages.SignatureHeaders;
        if (pages.SignStatus is { } sign && context.Request.Path.Value == TelemetryPages.StatusPath
            && page.StatusCode == StatusCodes.Status200OK
            && context.Request.Headers[nonce] is [{ } given] && sign(given, page.Body) is { } signed)
        {
            context.Response.Headers[signature] = signed;
        }
    }

    async Task<TelemetryPage> PageAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
            return TelemetryPage.Text(StatusCodes.Status405MethodNotAllowed, "only GET and HEAD\n");
        try
        {
            return await pages.FindAsync(request.Path.Value ?? "", request.Headers.Accept.ToArray()!, cancellationToken)
                ?? TelemetryPage.Text(StatusCodes.Status404NotFound, "not found\n");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogPageFailed(request.Path.Value, e);
            return TelemetryPage.Text(StatusCodes.Status500InternalServerError, "internal error, see the agent's log\n");
        }
    }

    static string Reason(Exception e) => (e.GetBaseException() as SocketException)?.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the port is in use",
        SocketError.AddressNotAvailable => "the address is not one of this machine's",
        SocketError.AccessDenied => "access is denied",
        _ => e.Message.TrimEnd('.'),
    };

    [LoggerMessage(LogLevel.Error, "Telemetry page {Path} failed.")]
    partial void LogPageFailed(string? path, Exception e);
}

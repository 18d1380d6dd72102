using System.Net;
using System.Net.Sockets;
using ClusterTrail.History.Reading;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClusterTrail.WebConsole.Serving;

/// <summary>Serves pages to one person on this machine, over HTTP on 127.0.0.1.</summary>
/// <remarks>Guarantee: every answer, also to a wrong request, forbids scripts, frames and whatever is not the console's own.</remarks>
sealed class ConsoleServer : IAsyncDisposable
{
    // One person; and room for the connections that a browser opens in advance.
    const int MostConnections = 64;

    // Each question takes all cores; a few at once are answered no faster.
    const int MostAtOnce = 4;

    static readonly (string Name, string Value)[] Headers =
    [
        ("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), usb=()"),
    ];

    readonly WebApplication application;
    readonly Gate gate = new();
    readonly Func<HttpRequest, CancellationToken, Task<HttpAnswer>> answer;
    readonly SemaphoreSlim atOnce = new(MostAtOnce);

    ConsoleServer(int port, Func<HttpRequest, CancellationToken, Task<HttpAnswer>> answer)
    {
        this.answer = answer;
        application = Build(port);
        application.Run(AnswerAsync);
    }

    /// <summary>Where it listens, without the token.</summary>
    internal Uri Url => new(application.Urls.Single());

    /// <summary>What lets a browser in.</summary>
    internal Uri FirstUrl => new(Url, $"/?{Gate.TokenName}={gate.Token}");

    /// <param name="port">0 picks a free one.</param>
    /// <param name="answer">Answers whoever was let in.</param>
    /// <exception cref="TrailException">The port cannot be listened on.</exception>
    internal static async Task<ConsoleServer> StartAsync(
        int port, Func<HttpRequest, CancellationToken, Task<HttpAnswer>> answer, CancellationToken cancellationToken)
    {
        var server = new ConsoleServer(port, answer);
        try
        {
            await server.application.StartAsync(cancellationToken);
            return server;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await server.DisposeAsync();
            throw new TrailException(
                ExitCode.BadUsage, $"--port {port} cannot be listened on: {e.GetBaseException().Message.TrimEnd('.')}; give another, or 0",
                e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        atOnce.Dispose();
    }

    static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listener => listener.Protocols = HttpProtocols.Http1);
            SetLimits(kestrel.Limits);
        });
        return builder.Build();
    }

    // Values of a filter are in the address, each up to 512 characters, which take up to 12 bytes there.
    static void SetLimits(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = 128 << 10;
        limits.MaxRequestBufferSize = 256 << 10;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
    }

    async Task AnswerAsync(HttpContext context)
    {
        foreach (var (name, value) in Headers)
            context.Response.Headers[name] = value;
        var refusal = gate.Judge(context);
        // Who is not let in keeps none of the connections.
        if (refusal is { StatusCode: >= StatusCodes.Status400BadRequest })
            context.Response.Headers.Connection = "close";
        await WriteAsync(context, refusal ?? await AskAsync(context));
    }

    // A question is answered on a thread of its own: DuckDB knows no tasks.
    async Task<HttpAnswer> AskAsync(HttpContext context)
    {
        await atOnce.WaitAsync(context.RequestAborted);
        try
        {
            return await Task.Run(() => answer(context.Request, context.RequestAborted), context.RequestAborted);
        }
        finally
        {
            atOnce.Release();
        }
    }

    static async Task WriteAsync(HttpContext context, HttpAnswer answer)
    {
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
        context.Response.StatusCode = answer.StatusCode;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    // Signals are the command's.
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

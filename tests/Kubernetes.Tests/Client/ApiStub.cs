using System.Collections.Concurrent;
using System.Net;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Tests.Client;

/// <summary>An API server over TLS that answers as a test tells it, one request after the other; the last answer is for all further
/// ones.</summary>
sealed class ApiStub : IAsyncDisposable
{
    readonly WebApplication app;
    readonly TestAuthority authority = new("127.0.0.1", "api.example");
    readonly TemporaryFolder folder = new();
    readonly ConcurrentQueue<RequestDelegate> answers;
    RequestDelegate last;

    ApiStub(IEnumerable<RequestDelegate> script, HttpProtocols protocols)
    {
        answers = new(script);
        answers.TryPeek(out last!);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = authority.Server;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.ClientCertificateValidation = (certificate, _, _) => certificate.Issuer == authority.Root.Subject;
            });
        }));
        app = builder.Build();
        app.Run(AnswerAsync);
    }

    public ConcurrentQueue<Seen> Requests { get; } = [];

    public TestAuthority Authority => authority;

    public Uri Address =>
        new(
            app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses.First());

    public static Task<ApiStub> StartAsync(params RequestDelegate[] script) => StartAsync(HttpProtocols.Http1AndHttp2, script);

    public static async Task<ApiStub> StartAsync(HttpProtocols protocols, params RequestDelegate[] script)
    {
        var stub = new ApiStub(script, protocols);
        await stub.app.StartAsync();
        return stub;
    }

    public static RequestDelegate Json(string json, int code = 200, int? retryAfter = null) => async context =>
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        if (retryAfter is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        await context.Response.WriteAsync(json);
    };

    public static RequestDelegate Refuse(int code, string reason, int? retryAfter = null) =>
        Json(
            $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"Because."}""", code,
            retryAfter);

    /// <summary>Connects as a kubeconfig says; the user part is the test's.</summary>
    public ClusterConnection Connect(string user = "token: t0ken", string cluster = "", TimeProvider? time = null)
    {
        var path = folder.Join("config");
        File.WriteAllText(path,
            $$"""
            clusters: [{name: c, cluster: {server: "{{Address}}", certificate-authority-data: {{Convert.ToBase64String(authority.RootPem)}}, {{cluster}} } }]
            users: [{name: u, user: { {{user}} } }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            current-context: x
            """);
        return Kubeconfig.Load([path]).Connect(name: null, time ?? TimeProvider.System);
    }

    public KubernetesCluster Client(ILogger<KubernetesCluster> logger, KubernetesMetrics? metrics = null, TimeSpan? timeout = null) => new(
        Connect(),
        new()
        {
            FieldManager = "tests",
            UserAgent = "clustertrail-tests",
            FirstRetryDelay = TimeSpan.FromMilliseconds(1),
            RequestTimeout = timeout ?? Some.Timeout,
        },
        metrics ?? Some.Metrics(), TimeProvider.System, logger);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Dispose();
        authority.Dispose();
    }

    async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body);
        Requests.Enqueue(new(
            context.Request.Method, context.Request.Path + context.Request.QueryString, context.Request.Protocol,
            context.Request.Headers.Authorization.ToString(),
            context.Request.Headers.UserAgent.ToString(), context.Connection.ClientCertificate?.Subject, await body.ReadToEndAsync()));
        if (answers.TryDequeue(out var next))
            last = next;
        await last(context);
    }

    /// <summary>A request as it came.</summary>
    public sealed record Seen(
        string Method, string Url, string Protocol, string Authorization, string UserAgent, string? Certificate, string Body);
}

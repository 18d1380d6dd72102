using System.Security.Cryptography.X509Certificates;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>An HTTP server in this process that answers what the test says and keeps what it was asked.</summary>
/// <remarks>Every answer has the headers with which S3 confirms a put.</remarks>
sealed class FakeStore : IAsyncDisposable
{
    readonly WebApplication application;

    FakeStore(WebApplication application) => this.application = application;

    public List<IHeaderDictionary> Requests { get; } = [];

    public string Endpoint =>
        application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Answers a status and an S3 error code; a request with the condition may get another answer.</summary>
    public static Task<FakeStore> StartAsync(int status, string code, int? statusWithoutCondition = null) => StartAsync(async context =>
    {
        var conditional = context.Request.Headers.IfNoneMatch == "*";
        context.Response.StatusCode = conditional ? status : statusWithoutCondition ?? status;
        if (context.Response.StatusCode >= 300)
            await context.Response.WriteAsync(
                $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>As the test says.</Message>"
                    + "<RequestId>tx1</RequestId></Error>");
    });

    public static async Task<FakeStore> StartAsync(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Listen(System.Net.IPAddress.Loopback, 0, port =>
        {
            if (certificate is not null)
                port.UseHttps(certificate);
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        var store = new FakeStore(builder.Build());
        store.application.Run(async context =>
        {
            store.Requests.Add(new HeaderDictionary(context.Request.Headers.ToDictionary()));
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var stored = new SealedObject("", body.ToArray(), default);
            context.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(PutRequest.Md5(stored))}\"";
            context.Response.Headers["x-amz-request-id"] = "tx1";
            await answer(context);
        });
        await store.application.StartAsync();
        return store;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();
}

using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Testing.Cluster;

/// <summary>Receives what an API server's webhook backend sends.</summary>
public sealed class AuditWebhook : IAsyncDisposable
{
    readonly WebApplication application;
    readonly ConcurrentQueue<JsonElement> events = new();

    AuditWebhook()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.MapPost("/audit", ReceiveAsync);
    }

    public Uri Url => new(new Uri(application.Urls.Single()), "audit");

    /// <summary>The audit events received so far, in order.</summary>
    public IReadOnlyCollection<JsonElement> Events => events;

    public static async Task<AuditWebhook> StartAsync(CancellationToken cancellationToken)
    {
        var webhook = new AuditWebhook();
        await webhook.application.StartAsync(cancellationToken);
        return webhook;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    async Task ReceiveAsync(HttpContext context)
    {
        using var list = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        foreach (var received in list.RootElement.GetProperty("items").EnumerateArray())
            events.Enqueue(received.Clone());
    }
}

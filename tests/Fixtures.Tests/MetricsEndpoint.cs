using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Fixtures.Tests;

/// <summary>Serves a page for Prometheus to scrape, and takes what is posted to it.</summary>
sealed class MetricsEndpoint : IAsyncDisposable
{
    readonly WebApplication app;

    MetricsEndpoint(WebApplication app, string page) => (this.app, Page) = (app, page);

    public string Page { get; set; }

    public ConcurrentQueue<string> Posted { get; } = [];

    public Uri Url => new(app.Urls.Single());

    public static async Task<MetricsEndpoint> StartAsync(string page)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var endpoint = new MetricsEndpoint(builder.Build(), page);
        endpoint.app.MapGet("/metrics", () => Results.Text(endpoint.Page));
        endpoint.app.MapPost("/", endpoint.TakeAsync);
        await endpoint.app.StartAsync();
        return endpoint;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    async Task TakeAsync(HttpRequest request)
    {
        using var body = new StreamReader(request.Body);
        Posted.Enqueue(await body.ReadToEndAsync());
    }
}

using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Tests.Notifications;

/// <summary>A webhook in this process that answers what the test says and keeps its requests.</summary>
sealed class WebhookReceiver : IAsyncDisposable
{
    readonly WebApplication application;
    readonly List<ReceivedRequest> requests = [];
    readonly Lock gate = new();

    WebhookReceiver(WebApplication application) => this.application = application;

    public string Url => application.Urls.Single();

    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (gate)
                return [.. requests];
        }
    }

    /// <param name="answer">Given the number of the request, from 1.</param>
    public static async Task<WebhookReceiver> StartAsync(Func<HttpContext, int, Task>? answer = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => server.Listen(System.Net.IPAddress.Loopback, 0, port =>
        {
            if (certificate is not null)
                port.UseHttps(certificate);
        }));
        var receiver = new WebhookReceiver(builder.Build());
        receiver.application.Run(context => receiver.TakeAsync(context, answer ?? ((_, _) => Task.CompletedTask)));
        await receiver.application.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    async Task TakeAsync(HttpContext context, Func<HttpContext, int, Task> answer)
    {
        using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
        var reported = new ReceivedRequest(
            context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}",
            context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => $"{header.Value}"),
            await body.ReadToEndAsync());
        int number;
        lock (gate)
        {
            requests.Add(reported);
            number = requests.Count;
        }

        await answer(context, number);
    }
}

/// <summary>One request.</summary>
sealed record ReceivedRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent.Tests.Telemetry;

/// <summary>An OpenTelemetry collector as far as the agent can tell: it takes OTLP over HTTP.</summary>
sealed class OtlpReceiver : IAsyncDisposable
{
    readonly WebApplication application;
    readonly Channel<(string Path, string Body)> pushes = Channel.CreateUnbounded<(string Path, string Body)>();

    OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.Run(TakeAsync);
    }

    public string Url => application.Urls.Single();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver.application.StartAsync();
        return receiver;
    }

    /// <summary>The next push. Protobuf writes texts as they are, so a name can be looked for in the body.</summary>
    public Task<(string Path, string Body)> NextAsync() =>
        pushes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    public ValueTask DisposeAsync() => application.DisposeAsync();

    async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
        pushes.Writer.TryWrite((context.Request.Path.Value ?? "", await reader.ReadToEndAsync()));
    }
}

using ClusterTrail.Contract.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Testing.Nodes.Agents;

/// <summary>An agent's pages, on its pod's address.</summary>
sealed class AgentServer : IAsyncDisposable
{
    readonly WebApplication application;

    AgentServer(string url, ScriptedAgent script, Func<AgentStatus> status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        application = builder.Build();
        application.Use(async (context, next) =>
        {
            if (script.Hangs)
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            await next(context);
        });
        application.MapGet("/healthz", () => Answer(script.IsHealthy));
        application.MapGet("/readyz", () => Answer(script.IsReady));
        application.MapGet("/status", () => Results.Json(status(), StatusJson.Default.AgentStatus));
    }

    public static async Task<AgentServer> StartAsync(string url, ScriptedAgent script, Func<AgentStatus> status)
    {
        var server = new AgentServer(url, script, status);
        await server.application.StartAsync();
        return server;
    }

    // As a process does that ends: requests under way are cut.
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
    }

    static IResult Answer(bool ok) =>
        ok ? Results.Text("ok\n") : Results.Text("not ok\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}

using System.Text.Json;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Records;
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

    AgentServer(string url, ScriptedAgent script, Func<AgentStatus> status, Func<byte[]?> key)
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
        application.MapGet("/status", (HttpContext context) =>
        {
            var body = script.Answers?.Invoke() ?? JsonSerializer.SerializeToUtf8Bytes(status(), StatusJson.Default.AgentStatus);
            if (key() is { } signing && context.Request.Headers[SignedAnswer.NonceHeader] is [{ } nonce])
                context.Response.Headers[SignedAnswer.SignatureHeader] = SignedAnswer.Sign(signing, nonce, body);
            return Results.Bytes(body, "application/json");
        });
        application.MapPost(LabelsHandover.Path, async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (!IsSigned(context, LabelsHandover.Purpose, key(), body.ToArray()))
                return Results.StatusCode(StatusCodes.Status403Forbidden);
            if (script.RefusesLabels)
                return Results.Text("the disk is full", statusCode: StatusCodes.Status503ServiceUnavailable);
            script.Labels = JsonSerializer.Deserialize(body.ToArray(), LabelsJson.Default.LabelsHandover);
            return Results.Ok();
        });
        application.MapPost(KeyRecords.Path, async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (!IsSigned(context, KeyRecords.Purpose, key(), body.ToArray()))
                return Results.StatusCode(StatusCodes.Status403Forbidden);
            script.Chain.Take(body.ToArray());
            return Results.Ok();
        });
        application.MapPost(CompletenessHandover.Path, async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (!IsSigned(context, CompletenessHandover.Purpose, key(), body.ToArray()))
                return Results.StatusCode(StatusCodes.Status403Forbidden);
            return script.Chain.Take(JsonSerializer.Deserialize(body.ToArray(), CompletenessJson.Default.CompletenessHandover)!)
                ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        });
    }

    public static async Task<AgentServer> StartAsync(string url, ScriptedAgent script, Func<AgentStatus> status, Func<byte[]?> key)
    {
        var server = new AgentServer(url, script, status, key);
        await server.application.StartAsync();
        return server;
    }

    // As a process does that ends: requests under way are cut.
    public async ValueTask DisposeAsync()
    {
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
    }

    static bool IsSigned(HttpContext context, string purpose, byte[]? key, byte[] body) => key is not null
        && ExecSignature.IsSigned(
            key, purpose, context.Request.Headers[SignedAnswer.NonceHeader], body,
            context.Request.Headers[SignedAnswer.SignatureHeader]);

    static IResult Answer(bool ok) =>
        ok ? Results.Text("ok\n") : Results.Text("not ok\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}

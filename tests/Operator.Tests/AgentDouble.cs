using ClusterTrail.Contract.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Tests;

/// <summary>Answers as an agent does, whatever the test wants it to say.</summary>
sealed class AgentDouble : IAsyncDisposable
{
    readonly WebApplication application;

    AgentDouble()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        application = builder.Build();
        application.MapGet("/status", () => Results.Json(Status, StatusJson.Default.AgentStatus));
    }

    public AgentStatus Status { get; set; } = Some.Status();

    public int Port => new Uri(application.Urls.Single()).Port;

    public static async Task<AgentDouble> StartAsync()
    {
        var agent = new AgentDouble();
        await agent.application.StartAsync(TestContext.Current.CancellationToken);
        return agent;
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();
}

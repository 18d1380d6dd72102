using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

/// <summary>
/// SQS as its clients see it, in this process: a message comes again until it is deleted, at most ten at once, in no order.
/// </summary>
/// <remarks>The AWS JSON protocol 1.0, in the shapes of the API reference of SQS.</remarks>
sealed class SqsServer : IAsyncDisposable
{
    readonly WebApplication application;
    readonly ConcurrentDictionary<string, string> messages = new();
    int handles;

    SqsServer(WebApplication application) => this.application = application;

    public string Url => $"{application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/1/audit";

    /// <summary>What each answer is instead, while there is one: a status and an error's type.</summary>
    public (int Status, string Type)? Failure { get; set; }

    public ICollection<string> Left => messages.Keys;

    public IReadOnlyCollection<string> Authorizations => authorizations;

    readonly ConcurrentBag<string> authorizations = [];

    public static async Task<SqsServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var server = new SqsServer(builder.Build());
        server.application.Run(server.AnswerAsync);
        await server.application.StartAsync();
        return server;
    }

    public void Send(string body) => messages[body] = body;

    public ValueTask DisposeAsync() => application.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        authorizations.Add(context.Request.Headers.Authorization.ToString());
        using var reader = new StreamReader(context.Request.Body);
        var request = JsonNode.Parse(await reader.ReadToEndAsync())!;
        context.Response.ContentType = "application/x-amz-json-1.0";
        if (Failure is { } failure)
        {
            context.Response.StatusCode = failure.Status;
            await context.Response.WriteAsync($$"""{"__type":"com.amazonaws.sqs#{{failure.Type}}","message":"As the test says."}""");
            return;
        }

        var answer = (string?)context.Request.Headers["X-Amz-Target"] switch
        {
            "AmazonSQS.ReceiveMessage" => Receive(request),
            "AmazonSQS.DeleteMessage" => Delete(request),
            _ => throw new InvalidOperationException("The agent calls nothing else."),
        };
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    JsonObject Receive(JsonNode request)
    {
        var most = request["MaxNumberOfMessages"]!.GetValue<int>();
        // Without messages the real one leaves the member out.
        return messages.IsEmpty ? [] : new()
        {
            ["Messages"] = new JsonArray([.. messages.Values.Take(Math.Min(most, 10)).Select(body => (JsonNode)new JsonObject
            {
                ["MessageId"] = Guid.NewGuid().ToString(),
                ["ReceiptHandle"] = $"{Interlocked.Increment(ref handles)} {Convert.ToBase64String(Encoding.UTF8.GetBytes(body))}",
                ["MD5OfBody"] = Convert.ToHexStringLower(PutRequest.Md5(new SealedObject("", Encoding.UTF8.GetBytes(body), default))),
                ["Body"] = body,
            })]),
        };
    }

    JsonObject Delete(JsonNode request)
    {
        var handle = (string)request["ReceiptHandle"]!;
        messages.TryRemove(Encoding.UTF8.GetString(Convert.FromBase64String(handle.Split(' ')[1])), out _);
        return [];
    }
}

using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Execs;
using ClusterTrail.Trails.Manifests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Tests.Execs;

/// <summary>What agents answer, over HTTP, with the Trail's key: as one does that somebody took over.</summary>
public sealed class ExecClientTests : IAsyncDisposable
{
    readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    readonly ExecClient client = new();
    WebApplication? server;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task AnAnswerThatNamesPodsIsTaken()
    {
        var answer = await HandAsync("""{"namespace":"shop","pod":"cart-0.a","podUID":"8d1b1f0a-2c3d"}""");

        Assert.Equal("cart-0.a", Assert.Single(answer!.Pods).Pod);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"namespace":"","pod":"cart-0","podUID":"u"}""")]
    [InlineData("""{"namespace":"shop","pod":"","podUID":"u"}""")]
    [InlineData("""{"namespace":"shop","pod":"cart-0","podUID":""}""")]
    [InlineData("""{"namespace":"shop","pod":"../secrets/key","podUID":"u"}""")]
    [InlineData("""{"namespace":"..","pod":"cart-0","podUID":"u"}""")]
    [InlineData("""{"namespace":"shop","pod":"LONG","podUID":"u"}""")]
    public async Task AnAnswerThatNamesNoPodIsRefused(string pod) =>
        await Assert.ThrowsAsync<HttpRequestException>(
            () => HandAsync(pod.Replace("LONG", new string('x', 300), StringComparison.Ordinal)));

    [Theory]
    [InlineData("null")]
    [InlineData("""{"eventID":"e","auditID":"a","userIdentity":{"type":"User","userName":"u"},"namespace":"n","pod":"p","command":[null],"time":"2026-11-26T10:00:00Z"}""")]
    public async Task AReportThatIsNotWholeIsRefused(string exec)
    {
        var agent = await AnswerAsync(
            ExecSignature.Report, $$"""{"trail":"main","node":"worker-1","instance":"i","last":1,"execs":[{{exec}}]}""");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync(agent, 0, Cancellation));
    }

    async Task<HandoverAnswer?> HandAsync(string pod)
    {
        var agent = await AnswerAsync(
            ExecSignature.Answer, $$"""{"trail":"main","node":"worker-1","instance":"i","sequence":7,"pods":[{{pod}}]}""");
        return await client.HandAsync(
            agent, new() { Trail = "main", Node = "worker-1", Sequence = 7, Time = DateTimeOffset.UnixEpoch, OperatorKey = "" }, Cancellation);
    }

    async Task<ExecAgent> AnswerAsync(string purpose, string body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(async context =>
        {
            var nonce = context.Request.Headers[SignedAnswer.NonceHeader].ToString();
            var bytes = Encoding.UTF8.GetBytes(body);
            context.Response.Headers[SignedAnswer.SignatureHeader] = ExecSignature.Sign(key, purpose, nonce, bytes);
            await context.Response.Body.WriteAsync(bytes, Cancellation);
        });
        await server.StartAsync(Cancellation);
        return new(new("agents", "a"), "main", "worker-1", AgentRole.Workloads, $"{server.Urls.First()}/execs", key);
    }
}

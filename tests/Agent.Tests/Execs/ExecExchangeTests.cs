using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Status;
using ClusterTrail.Telemetry;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Execs;

public sealed class ExecExchangeTests : IAsyncDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    readonly ECDsa own = OperatorSignature.NewKey();
    readonly HttpClient http = new();
    readonly HandedExecs handed;
    readonly ExecLog log;
    TelemetryServer? server;

    public ExecExchangeTests()
    {
        File.WriteAllBytes(folder.Join("key"), key);
        (handed, log) = (new(SomeExec.Origin, time), new(SomeExec.Origin, time));
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        http.Dispose();
        own.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task AHandoverThatIsSignedIsTakenAndTheAnswerIsSigned()
    {
        using var answer = await PostAsync(SomeExec.Handover(time.GetUtcNow(), time.GetUtcNow(), SomeExec.Event(time.GetUtcNow())));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(handed.Of("shop", "cart-0"));
        var body = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True(ExecSignature.IsSigned(key, ExecSignature.Answer, "nonce", body, Header(answer)));
    }

    [Fact]
    public async Task TheSameRequestAgainIsRefused()
    {
        var handover = SomeExec.Handover(time.GetUtcNow(), time.GetUtcNow());
        using var first = await PostAsync(handover);
        using var again = await PostAsync(handover);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Conflict), (first.StatusCode, again.StatusCode));
        Assert.Equal(1, handed.Refused);
    }

    [Fact]
    public async Task WhatTheOperatorDidNotSignIsRefused()
    {
        var handover = SomeExec.Handover(time.GetUtcNow(), time.GetUtcNow(), SomeExec.Event(time.GetUtcNow(), "mallory"));
        var body = Bytes(handover);
        var right = OperatorSignature.Sign(key, own, "nonce", body);
        using var other = OperatorSignature.NewKey();

        string?[] signatures =
        [
            null, "", ".", right[..^2], right.Split('.')[0], $"{right}.", "." + right, right.Replace('.', ' '),
            OperatorSignature.Sign(RandomNumberGenerator.GetBytes(32), own, "nonce", body), OperatorSignature.Sign(key, own, "other", body),
            OperatorSignature.Sign(key, other, "nonce", body), OperatorSignature.Sign(key, own, "nonce", [.. body, (byte)' ']),
            // Signed with the Trail's key, as any node can; and for another purpose.
            ExecSignature.Sign(key, ExecSignature.Handover, "nonce", body) + ".00",
            SignedAnswer.Sign(key, "nonce", body) + "." + right.Split('.')[1],
            ExecSignature.Sign(key, ExecSignature.Answer, "nonce", body) + "." + right.Split('.')[1],
        ];
        foreach (var signature in signatures)
        {
            using var answer = await SendAsync(HttpMethod.Post, "", body, "nonce", signature);
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest, $"{signature}: {answer.StatusCode}");
        }

        Assert.Empty(handed.Of("shop", "cart-0"));
        using var withoutNonce = await SendAsync(HttpMethod.Post, "", body, null, right);
        Assert.Equal(HttpStatusCode.Forbidden, withoutNonce.StatusCode);
    }

    [Fact]
    public async Task AReportIsForWhoHasTheKeyOnly()
    {
        using var answer = await AskAsync("?after=0");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True(ExecSignature.IsSigned(key, ExecSignature.Report, "nonce", body, Header(answer)));

        using var unsigned = await SendAsync(HttpMethod.Get, "?after=0", null, "nonce", null);
        using var otherQuery = await SendAsync(
            HttpMethod.Get, "?after=1", null, "nonce", ExecSignature.Sign(key, ExecSignature.Ask, "nonce", "?after=0"u8));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (unsigned.StatusCode, otherQuery.StatusCode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?after=")]
    [InlineData("?after=-1")]
    [InlineData("?after=1&x=2")]
    [InlineData("?after=99999999999999999999")]
    public async Task AQueryThatIsNoNumberIsRefused(string query)
    {
        using var answer = await AskAsync(query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task ABodyThatIsTooLargeIsRefused()
    {
        await StartAsync();
        Assert.True(await IsTooLargeAsync(new ByteArrayContent(new byte[ExecHandover.LargestBody + 1]), isChunked: false));
        Assert.True(await IsTooLargeAsync(new StreamContent(new MemoryStream(new byte[ExecHandover.LargestBody * 4])), isChunked: true));
        Assert.False(await IsTooLargeAsync(new ByteArrayContent(new byte[ExecHandover.LargestBody]), isChunked: false));
    }

    // The server may close the connection before all was sent; then there is no answer to be read.
    async Task<bool> IsTooLargeAsync(HttpContent content, bool isChunked)
    {
        using var request = Request(HttpMethod.Post, "", "nonce", "x");
        request.Content = content;
        request.Headers.TransferEncodingChunked = isChunked;
        try
        {
            using var answer = await http.SendAsync(request, Cancellation);
            return answer.StatusCode == HttpStatusCode.RequestEntityTooLarge;
        }
        catch (HttpRequestException)
        {
            return true;
        }
    }

    [Fact]
    public void HostileBodiesThatAreSignedChangeNothingOrAreTaken()
    {
        var page = new ExecExchange(log, handed, new StatusKey(folder.Join("key")), () => null).Page!;
        var random = new Random(7);
        var template = Bytes(SomeExec.Handover(time.GetUtcNow(), time.GetUtcNow(), SomeExec.Event(time.GetUtcNow())) with
        {
            Pods = [SomeExec.Commands(["cat", "/healthy"])],
        });
        for (var seed = 0; seed < 3000; seed++)
        {
            var body = template.ToArray();
            for (var at = random.Next(1, 20); at > 0; at--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            body = random.Next(4) == 0 ? body[..random.Next(body.Length)] : body;
            var answer = page.Answer(new(IsPost: true, "", "nonce", OperatorSignature.Sign(key, own, "nonce", body), body));

            Assert.Contains(answer.Page.StatusCode, (int[])[200, 400, 409]);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"trail":"main","node":"worker-1","sequence":1,"time":"2026-11-26T10:00:00Z","operatorKey":"x","execs":[null]}""")]
    [InlineData("""{"trail":null,"node":"worker-1","sequence":1,"time":"2026-11-26T10:00:00Z","operatorKey":"x"}""")]
    [InlineData("""{"trail":"main","node":"worker-1","sequence":1e300,"time":"2026-11-26T10:00:00Z","operatorKey":"x"}""")]
    public async Task WhatIsNoHandoverIsRefused(string body)
    {
        using var answer = await SignedAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task OtherMethodsAreRefused()
    {
        using var answer = await SendAsync(HttpMethod.Delete, "", null, "nonce", "x");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public void WithoutAKeyOrWithoutAPartThereIsNoPage()
    {
        Assert.Null(new ExecExchange(log, handed, new(null), () => null).Page);
        Assert.Null(new ExecExchange(null, null, new(folder.Join("key")), () => null).Page);
    }

    [Fact]
    public async Task WhereTheKeyCannotBeReadNothingIsTaken()
    {
        File.Delete(folder.Join("key"));
        using var answer = await PostAsync(SomeExec.Handover(time.GetUtcNow(), time.GetUtcNow()));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    Task<HttpResponseMessage> PostAsync(ExecHandover handover) => SignedAsync(Bytes(handover));

    byte[] Bytes(ExecHandover handover) => JsonSerializer.SerializeToUtf8Bytes(
        handover with { OperatorKey = OperatorSignature.PublicKey(own) }, ExecsJson.Default.ExecHandover);

    Task<HttpResponseMessage> SignedAsync(byte[] body) =>
        SendAsync(HttpMethod.Post, "", body, "nonce", OperatorSignature.Sign(key, own, "nonce", body));

    Task<HttpResponseMessage> AskAsync(string query) => SendAsync(
        HttpMethod.Get, query, null, "nonce", ExecSignature.Sign(key, ExecSignature.Ask, "nonce", Encoding.ASCII.GetBytes(query)));

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string query, byte[]? body, string? nonce, string? signature)
    {
        await StartAsync();
        using var request = Request(method, query, nonce, signature);
        request.Content = body is null ? null : new ByteArrayContent(body);
        return await http.SendAsync(request, Cancellation);
    }

    HttpRequestMessage Request(HttpMethod method, string query, string? nonce, string? signature)
    {
        var request = new HttpRequestMessage(method, new Uri(server!.Url, $"execs{query}"));
        if (nonce is not null)
        {
            request.Headers.Add(SignedAnswer.NonceHeader, nonce);
        }

        if (signature is not null)
        {
            request.Headers.TryAddWithoutValidation(SignedAnswer.SignatureHeader, signature);
        }

        return request;
    }

    async Task StartAsync() => server ??= await TelemetryServer.StartAsync(
        "127.0.0.1:0",
        new()
        {
            Metrics = (_, _, _) => Task.CompletedTask,
            HealthProblems = () => [],
            ReadinessProblems = () => [],
            SignatureHeaders = (SignedAnswer.NonceHeader, SignedAnswer.SignatureHeader),
            Exchanges = [new ExecExchange(log, handed, new StatusKey(folder.Join("key")), () => time.GetUtcNow()).Page!],
        },
        NullLogger.Instance, Cancellation);

    static string? Header(HttpResponseMessage answer) => answer.Headers.GetValues(SignedAnswer.SignatureHeader).SingleOrDefault();
}

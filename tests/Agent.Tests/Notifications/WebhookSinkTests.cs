using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Tests.Sinks;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Notifications;

public sealed class WebhookSinkTests : IDisposable
{
    const string SecretPath = "/hooks/T0K3N?key=h1dd3n";

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EachEventIsARequestOfItsOwn()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var sink = Sink(receiver);

        await sink.PutAsync(Events("a", "b", "c"), Cancel);

        Assert.Equal([Json("a"), Json("b"), Json("c")], receiver.Requests.Select(reported => reported.Body));
        Assert.All(receiver.Requests, reported =>
        {
            Assert.Equal(("POST", SecretPath), (reported.Method, reported.Path));
            Assert.Equal("application/cloudevents+json; charset=utf-8", reported.Headers["content-type"]);
            Assert.DoesNotContain(reported.Headers.Keys, header => header.StartsWith("webhook-", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("just a text\n", "just a text")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null)]
    public async Task ARequestIsSignedAsStandardWebhooksSay(string secret, string? key)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await File.WriteAllTextAsync(folder.Join("secret"), secret, Cancel);
        using var sink = Sink(receiver, secretPath: folder.Join("secret"));

        await sink.PutAsync(Events("some-id"), Cancel);

        var reported = Assert.Single(receiver.Requests);
        var at = time.GetUtcNow().ToUnixTimeSeconds();
        var keyBytes = key is null ? Convert.FromBase64String(secret["whsec_".Length..]) : Encoding.UTF8.GetBytes(key);
        var expected = Convert.ToBase64String(HMACSHA256.HashData(keyBytes, Encoding.UTF8.GetBytes($"some-id.{at}.{reported.Body}")));
        Assert.Equal(("some-id", $"{at}", $"v1,{expected}"),
            (reported.Headers["webhook-id"], reported.Headers["webhook-timestamp"], reported.Headers["webhook-signature"]));
    }

    // The example of the specification's reference libraries.
    [Fact]
    public void ASignatureIsThatOfTheReferenceLibraries() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"u8));

    [Fact]
    public async Task ASecretIsReadForEachRequest()
    {
        await File.WriteAllTextAsync(folder.Join("secret"), "old", Cancel);
        await using var receiver = await WebhookReceiver.StartAsync(async (_, number) =>
        {
            if (number == 1)
                await File.WriteAllTextAsync(folder.Join("secret"), "new");
        });
        using var sink = Sink(receiver, secretPath: folder.Join("secret"));

        await sink.PutAsync(Events("a", "b"), Cancel);

        var at = time.GetUtcNow().ToUnixTimeSeconds();
        var expected = new[] { ("old", "a"), ("new", "b") }.Select(one =>
            WebhookSignature.Of(one.Item1, one.Item2, at, Encoding.UTF8.GetBytes(Json(one.Item2))));
        Assert.Equal(expected, receiver.Requests.Select(reported => reported.Headers["webhook-signature"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" \n")]
    public async Task WithoutItsSecretNothingIsSent(string? content)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        if (content is not null)
            await File.WriteAllTextAsync(folder.Join("secret"), content, Cancel);
        using var sink = Sink(receiver, secretPath: folder.Join("secret"));

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Events("a"), Cancel));

        Assert.Equal("NoCredentials", failure.Code);
        Assert.Contains(folder.Join("secret"), failure.Message, StringComparison.Ordinal);
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData(500, "InternalServerError", "500 Internal Server Error", "Sink")]
    [InlineData(429, "TooManyRequests", "429 Too Many Requests", "Sink")]
    [InlineData(404, "NotFound", "404 Not Found", "Unclear")]
    [InlineData(413, "RequestEntityTooLarge", "413 Request Entity Too Large", "Batch")]
    [InlineData(521, "Http521", "status 521", "Sink")]
    public async Task AnAnswerThatIsNotGoodIsAFailureAndAllIsToldAgain(int status, string code, string words, string scope)
    {
        await using var receiver = await WebhookReceiver.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number == 2 ? status : 204;
            return Task.CompletedTask;
        });
        using var sink = Sink(receiver);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Events("a", "b"), Cancel));
        await sink.PutAsync(Events("a", "b"), Cancel);

        Assert.Equal((code, scope), (failure.Code, $"{failure.Scope}"));
        Assert.Contains($"answers {words}.", failure.Message, StringComparison.Ordinal);
        AssertTellsNoSecret(failure, receiver);
        Assert.Equal([Json("a"), Json("b"), Json("a"), Json("b")], receiver.Requests.Select(reported => reported.Body));
    }

    [Theory]
    [InlineData(301, "MovedPermanently")]
    [InlineData(302, "Found")]
    [InlineData(307, "TemporaryRedirect")]
    [InlineData(308, "PermanentRedirect")]
    public async Task ARedirectIsNotFollowed(int status, string code)
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = $"{elsewhere.Url}/secret-place";
            return Task.CompletedTask;
        });
        using var sink = Sink(receiver);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Events("a"), Cancel));

        Assert.Equal(code, failure.Code);
        Assert.Empty(elsewhere.Requests);
        Assert.DoesNotContain("secret-place", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoDoesNotAnswerInTimeIsToldAgainLater()
    {
        await using var receiver = await WebhookReceiver.StartAsync((context, _) =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default));
        using var sink = Sink(receiver, timeoutSeconds: 2);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Events("a"), Cancel));

        Assert.Equal("Timeout", failure.Code);
        AssertTellsNoSecret(failure, receiver);
    }

    [Fact]
    public async Task WhoIsNotThereIsUnreachable()
    {
        var receiver = await WebhookReceiver.StartAsync();
        using var sink = Sink(receiver);
        await receiver.DisposeAsync();

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Events("a"), Cancel));

        Assert.Equal("Unreachable", failure.Code);
        Assert.DoesNotContain("T0K3N", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CancellingIsNoFailureOfTheReceiver()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var sink = Sink(receiver);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sink.PutAsync(Events("a"), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task ItsOwnAuthorityIsTrustedAndNoOther()
    {
        using var certificate = SomeCertificate.OfLoopback();
        using var other = SomeCertificate.OfLoopback();
        await using var receiver = await WebhookReceiver.StartAsync(certificate: certificate);
        await File.WriteAllTextAsync(folder.Join("ca.pem"), certificate.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(folder.Join("other.pem"), other.ExportCertificatePem(), Cancel);
        using var trusting = Sink(receiver, caPath: folder.Join("ca.pem"));
        using var trustingAnother = Sink(receiver, caPath: folder.Join("other.pem"));
        using var trustingTheSystems = Sink(receiver);

        await trusting.PutAsync(Events("a"), Cancel);
        foreach (var sink in new[] { trustingAnother, trustingTheSystems })
        {
            var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Events("b"), Cancel));
            Assert.Equal("Unreachable", failure.Code);
            Assert.Contains("notifications.webhook.caBundlePath", failure.Message, StringComparison.Ordinal);
            AssertTellsNoSecret(failure, receiver);
        }

        Assert.Equal([Json("a")], receiver.Requests.Select(reported => reported.Body));
    }

    [Fact]
    public async Task ARenewedAuthorityIsTakenUp()
    {
        using var old = SomeCertificate.OfLoopback();
        using var certificate = SomeCertificate.OfLoopback();
        await using var receiver = await WebhookReceiver.StartAsync(certificate: certificate);
        await File.WriteAllTextAsync(folder.Join("ca.pem"), old.ExportCertificatePem(), Cancel);
        using var sink = Sink(receiver, caPath: folder.Join("ca.pem"));
        await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Events("a"), Cancel));

        await File.WriteAllTextAsync(folder.Join("ca.pem"), certificate.ExportCertificatePem(), Cancel);
        time.Advance(TimeSpan.FromSeconds(6));
        await sink.PutAsync(Events("a"), Cancel);

        Assert.Null(sink.TrustError);
        Assert.Single(receiver.Requests);
    }

    [Fact]
    public async Task AnUnusableAuthorityIsNamedAtTheStart()
    {
        await using var receiver = await WebhookReceiver.StartAsync();

        var failure = Assert.Throws<SinkException>(() => Sink(receiver, caPath: folder.Join("missing.pem")));

        Assert.Contains("notifications.webhook.caBundlePath", failure.Message, StringComparison.Ordinal);
    }

    static void AssertTellsNoSecret(SinkException failure, WebhookReceiver receiver)
    {
        Assert.Contains(receiver.Url, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("T0K3N", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("h1dd3n", failure.ToString(), StringComparison.Ordinal);
    }

    // A busy machine may take its time; only one test is about that.
    WebhookSink Sink(WebhookReceiver receiver, string? secretPath = null, string? caPath = null, int timeoutSeconds = 30) =>
        new(new() { Url = $"{receiver.Url}{SecretPath}", SecretPath = secretPath, CaBundlePath = caPath, TimeoutSeconds = timeoutSeconds },
            time);

    static string Json(string id) => $$"""{"specversion":"1.0","id":"{{id}}"}""";

    static SealedObject Events(params string[] ids) =>
        new("notifications", Encoding.UTF8.GetBytes(string.Concat(ids.Select(id => $"{Json(id)}\n"))), ReadOnlyMemory<byte>.Empty);
}

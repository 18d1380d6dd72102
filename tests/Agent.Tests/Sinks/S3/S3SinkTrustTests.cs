using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

public sealed class S3SinkTrustTests : IDisposable
{
    readonly CredentialFiles credentials = new("id", "secret");
    readonly TemporaryFolder folder = new();
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    public void Dispose()
    {
        credentials.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task ItsOwnAuthorityIsTrusted()
    {
        using var certificate = SomeCertificate.OfLoopback();
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask, certificate);
        File.WriteAllText(folder.Join("ca.pem"), certificate.ExportCertificatePem());

        await Sink(store, folder.Join("ca.pem")).PutAsync(batch, CancellationToken.None);

        Assert.Single(store.Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnotherAuthorityIsNot(bool withCaFile)
    {
        using var certificate = SomeCertificate.OfLoopback();
        using var other = SomeCertificate.OfLoopback();
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask, certificate);
        File.WriteAllText(folder.Join("ca.pem"), other.ExportCertificatePem());
        var sink = Sink(store, withCaFile ? folder.Join("ca.pem") : null);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("Unreachable", failure.Code);
        Assert.Contains("sink.s3.caPath", failure.Message, StringComparison.Ordinal);
        Assert.Empty(store.Requests);
    }

    [Theory]
    [InlineData(-10, -1, "its certificate expired on", "renew it at the server")]
    [InlineData(1, 10, "its certificate is not valid before", "correct the node's clock")]
    public async Task ACertificateOutOfItsTimeIsToldWithTheTime(int fromHours, int toHours, string problem, string remedy)
    {
        using var certificate = SomeCertificate.OfLoopback(fromHours, toHours);
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask, certificate);
        File.WriteAllText(folder.Join("ca.pem"), certificate.ExportCertificatePem());

        var failure = await Assert.ThrowsAsync<SinkException>(() =>
            Sink(store, folder.Join("ca.pem")).PutAsync(batch, CancellationToken.None));

        var at = (fromHours > 0 ? certificate.NotBefore : certificate.NotAfter).ToUniversalTime();
        Assert.Equal(("Unreachable", FailureScope.Sink), (failure.Code, failure.Scope));
        Assert.Contains($"{problem} {at:yyyy-MM-dd HH:mm} UTC: {remedy}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("caPath", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAuthorityThatExpiredIsNamed()
    {
        using var authority = SomeCertificate.Authority("CN=our authority", -10, -1);
        using var certificate = SomeCertificate.IssuedBy(authority);
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask, certificate);
        File.WriteAllText(folder.Join("ca.pem"), authority.ExportCertificatePem());

        var failure = await Assert.ThrowsAsync<SinkException>(() =>
            Sink(store, folder.Join("ca.pem")).PutAsync(batch, CancellationToken.None));

        Assert.Contains("its certificate authority CN=our authority expired on", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"sink.s3.caPath {folder.Join("ca.pem")}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACertificateForAnotherHostIsToldWithItsNames()
    {
        using var certificate = SomeCertificate.OfHost("store.example.com");
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask, certificate);
        File.WriteAllText(folder.Join("ca.pem"), certificate.ExportCertificatePem());

        var failure = await Assert.ThrowsAsync<SinkException>(() =>
            Sink(store, folder.Join("ca.pem")).PutAsync(batch, CancellationToken.None));

        Assert.Contains(
            "its certificate is for store.example.com, and not for 127.0.0.1: correct sink.s3.endpoint, or the certificate",
            failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("caPath", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStoreThatSpeaksNoTlsIsNotAMatterOfTrust()
    {
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask);
        var sink = TestBucket.Sink(
            Configuration(store, null) with { Endpoint = store.Endpoint.Replace("http:", "https:", StringComparison.Ordinal) });

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("Unreachable", failure.Code);
        Assert.DoesNotContain("caPath", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARenewedAuthorityIsTakenUpAndAWrongFileLeavesTheOldOneInForce()
    {
        using var before = SomeCertificate.OfLoopback();
        using var certificate = SomeCertificate.OfLoopback();
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask, certificate);
        var (path, time) = (folder.Join("ca.pem"), new ManualTime());
        File.WriteAllText(path, before.ExportCertificatePem());
        var sink = SinkFactory.Create(new() { Type = SinkType.S3, S3 = Configuration(store, path) }, time);
        await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        File.WriteAllText(path, certificate.ExportCertificatePem());
        time.Advance(TimeSpan.FromSeconds(6));
        await sink.PutAsync(batch, CancellationToken.None);
        File.WriteAllText(path, "half a certi");
        time.Advance(TimeSpan.FromSeconds(6));
        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal($"{path} holds no PEM certificate.", sink.TrustError);
        Assert.Equal(2, store.Requests.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no certificate")]
    public async Task AnUnusableCaFileIsNamedAtTheStart(string? content)
    {
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask);
        var path = folder.Join("ca.pem");
        if (content is not null)
            File.WriteAllText(path, content);

        var failure = Assert.Throws<SinkException>(() => Sink(store, path));

        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }

    ISink Sink(FakeStore store, string? caPath) => TestBucket.Sink(Configuration(store, caPath));

    S3SinkConfiguration Configuration(FakeStore store, string? caPath) => new()
    {
        Bucket = "trail",
        Endpoint = store.Endpoint,
        PathStyle = true,
        CaPath = caPath,
        Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
    };
}

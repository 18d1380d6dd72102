using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        using var certificate = Certificate();
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
        using var certificate = Certificate();
        using var other = Certificate();
        await using var store = await FakeStore.StartAsync(_ => Task.CompletedTask, certificate);
        File.WriteAllText(folder.Join("ca.pem"), other.ExportCertificatePem());
        var sink = Sink(store, withCaFile ? folder.Join("ca.pem") : null);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("Unreachable", failure.Code);
        Assert.Contains("sink.s3.caPath", failure.Message, StringComparison.Ordinal);
        Assert.Empty(store.Requests);
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

    ISink Sink(FakeStore store, string? caPath) => TestBucket.Sink(new()
    {
        Bucket = "trail",
        Endpoint = store.Endpoint,
        PathStyle = true,
        CaPath = caPath,
        Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
    });

    static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=store", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterTrail.Kubectl.Tests.Reading;

public sealed class S3Tests : IDisposable
{
    const string FileName = "120000000-apiserver-00000001-0123456789abcdef.ndjson.zst";

    readonly ArchiveFolder files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task AnArchiveIsListedInPagesAndReadInTheOrderOfTime()
    {
        await using var s3 = await FakeS3.StartAsync();
        var records = Enumerable.Range(0, 5).Select(i => Some.Record($"user{i}")).ToArray();
        for (var i = 0; i < records.Length; i++)
            s3[$"prod/{Some.Batch(Some.Time.AddHours(i), node: $"node-{9 - i}")}"] = Some.Zstd(records[i]);
        s3["prod/digests/cluster=prod/other.ndjson.zst"] = Some.Zstd("not an event");
        s3[$"production/{Some.Batch()}"] = Some.Zstd("another archive");

        var outcome = await CatAsync(s3, "s3://bucket/prod");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal(records, outcome.Lines);
    }

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("s3://bucket/")]
    [InlineData("s3://bucket/events")]
    [InlineData("s3://bucket/events/cluster=prod/trail=main/")]
    [InlineData("s3://bucket/events/cluster=prod/trail=main/date=2026-03-01/node=cp-1/" + FileName)]
    public async Task APartOrASingleObjectIsRead(string location)
    {
        await using var s3 = await FakeS3.StartAsync();
        s3[Some.Batch().ToString()] = Some.Zstd(Some.Record());

        var outcome = await CatAsync(s3, location);

        Assert.Equal([Some.Record()], outcome.Lines);
    }

    [Fact]
    public async Task AnObjectThatMayNotBeReadIsToldAndTheOthersArePrinted()
    {
        await using var s3 = await FakeS3.StartAsync();
        var forbidden = Forbid(s3, sequence: 1);
        s3[Some.Batch(sequence: 2).ToString()] = Some.Zstd(Some.Record());

        var outcome = await CatAsync(s3, "s3://bucket");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal([Some.Record()], outcome.Lines);
        Assert.Equal(
            $"kubectl trail: s3://bucket/{forbidden} cannot be read: AccessDenied: You may not read {forbidden}; "
            + "reading the archive needs s3:GetObject, and kms:Decrypt if a KMS key encrypts it.\n",
            outcome.Error);
    }

    [Fact]
    public async Task ManyThatMayNotBeReadAreOneSentence()
    {
        await using var s3 = await FakeS3.StartAsync();
        var forbidden = Enumerable.Range(1, 28).Select(sequence => Forbid(s3, sequence)).ToList();
        s3[Some.Batch(sequence: 14, node: "node-other").ToString()] = Some.Zstd(Some.Record());

        var outcome = await CatAsync(s3, "s3://bucket");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal([Some.Record()], outcome.Lines);
        Assert.Equal(
            $"kubectl trail: s3://bucket/{forbidden[0]} and 27 more cannot be read: AccessDenied: You may not read {forbidden[0]}; "
            + "reading the archive needs s3:GetObject, and kms:Decrypt if a KMS key encrypts it.\n",
            outcome.Error);
    }

    [Fact]
    public async Task ABucketThatIsNotThereIsTold()
    {
        await using var s3 = await FakeS3.StartAsync();

        var outcome = await CatAsync(s3, "s3://elsewhere/prod");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Equal("kubectl trail: s3://elsewhere/prod/events/ cannot be listed: NoSuchBucket: The store says no.\n", outcome.Error);
    }

    [Fact]
    public async Task AStoreThatGivesNoMessageIsToldByItsCode()
    {
        await using var s3 = await FakeS3.StartAsync();

        var outcome = await CatAsync(s3, "s3://terse");

        Assert.Equal(
            "kubectl trail: s3://terse/events/ cannot be listed: SignatureDoesNotMatch; "
                + "check the credentials of the environment or profile.\n",
            outcome.Error);
    }

    [Fact]
    public async Task AnEmptyPrefixIsWrongInput()
    {
        await using var s3 = await FakeS3.StartAsync();

        var outcome = await CatAsync(s3, "s3://bucket/prod");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("kubectl trail: No object of an archive was found below s3://bucket/prod/events/.\n", outcome.Error);
    }

    [Fact]
    public async Task EncryptedObjectsAreNotEvenAskedForWithoutAKey()
    {
        await using var s3 = await FakeS3.StartAsync();
        s3[Some.Batch(encrypted: true).ToString()] = [];

        var outcome = await CatAsync(s3, "s3://bucket");

        Assert.Equal(3, outcome.ExitCode);
        Assert.Empty(s3.Got);
    }

    [Fact]
    public async Task AStoreWithACertificateOfItsOwnIsTrustedByItsAuthority()
    {
        using var certificate = SelfSigned();
        await using var s3 = await FakeS3.StartAsync(certificate);
        s3[Some.Batch().ToString()] = Some.Zstd(Some.Record());
        var authority = files.AddFile("ca.pem", System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));

        var trusted = await CatAsync(s3, "s3://bucket", "--ca", authority);

        Assert.Equal("", trusted.Error);
        Assert.Equal([Some.Record()], trusted.Lines);
    }

    [Fact]
    public async Task AStoreOfAnotherAuthorityIsNotTrusted()
    {
        using var certificate = SelfSigned();
        using var other = SelfSigned();
        await using var s3 = await FakeS3.StartAsync(certificate);
        s3[Some.Batch().ToString()] = Some.Zstd(Some.Record());
        var authority = files.AddFile("ca.pem", System.Text.Encoding.ASCII.GetBytes(other.ExportCertificatePem()));

        var outcome = await CatAsync(s3, "s3://bucket", "--ca", authority);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Empty(s3.Got);
        Assert.Contains("SSL", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("endless", "Cannot write more bytes to the buffer")]
    [InlineData("repeating", "the store's listing does not end")]
    [InlineData("empty", "the store's listing does not end")]
    public async Task AListingWithoutEndIsTold(string bucket, string reason)
    {
        await using var s3 = await FakeS3.StartAsync();

        var outcome = await CatAsync(s3, $"s3://{bucket}");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.StartsWith(
            $"kubectl trail: s3://{bucket}/events/ cannot be listed: {reason}", outcome.Error, StringComparison.Ordinal);
    }

    static string Forbid(FakeS3 s3, int sequence)
    {
        var key = Some.Batch(sequence: sequence).ToString();
        s3[key] = [];
        s3.Forbidden.Add(key);
        return key;
    }

    static Task<Outcome> CatAsync(FakeS3 s3, string location, params string[] more) =>
        CommandLine.RunAsync(["cat", location, "--endpoint", s3.Url, "--path-style", .. more]);

    static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fake s3", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}

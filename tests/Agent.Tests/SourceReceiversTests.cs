using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Agent.Tests;

public sealed class SourceReceiversTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public SourceReceiversTests()
    {
        using var authority = new CertificateAuthority();
        var (certificate, key) = authority.IssueToServer();
        File.WriteAllText(folder.Join("tls.crt"), certificate);
        File.WriteAllText(folder.Join("tls.key"), key);
        File.WriteAllText(folder.Join("token"), $"{new string('a', 32)}\n{new string('b', 128)}\n");
    }

    SourceConfiguration Source => new()
    {
        Name = "admission",
        Type = SourceType.Admission,
        Admission = new()
        {
            Listen = "127.0.0.1:0",
            CertificatePath = folder.Join("tls.crt"),
            PrivateKeyPath = folder.Join("tls.key"),
            PathTokenPath = folder.Join("token"),
        },
    };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ACertificateAndATokenAreEnough() => SourceReceivers.Check(Source);

    [Theory]
    [InlineData("")]
    [InlineData("secret-that-is-too-short")]
    [InlineData("0123456789abcdef0123456789abcdef/")]
    public void ATokenThatCannotBeOneIsRefusedAndNotShown(string token)
    {
        File.WriteAllText(folder.Join("token"), token);

        var refused = Assert.Throws<ConfigurationException>(() => SourceReceivers.Check(Source));

        Assert.Equal(
            $"sources: admission: {folder.Join("token")} cannot be used: it must have 1 to 8 lines, each of 32 to 128 of a-z, A-Z, 0-9, '-' and '_'.",
            refused.Message);
    }

    [Fact]
    public void AuthoritiesThatAreMissingAreNamed()
    {
        var source = Source with { Admission = Source.Admission! with { ClientCaPath = folder.Join("ca.crt") } };

        var refused = Assert.Throws<ConfigurationException>(() => SourceReceivers.Check(source));

        Assert.Contains(folder.Join("ca.crt"), refused.Message, StringComparison.Ordinal);
    }
}

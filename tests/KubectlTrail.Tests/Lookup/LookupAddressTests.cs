using static ClusterTrail.Kubectl.Tests.Lookup.LookupRecords;

namespace ClusterTrail.Kubectl.Tests.Lookup;

/// <summary>Addresses have several spellings.</summary>
public sealed class LookupAddressTests : IDisposable
{
    readonly ArchiveFolder archive = new();

    public LookupAddressTests()
    {
        archive.Add(Some.Batch(), Some.Zstd(SecretRead, Exec, Finding, Refused));
        archive.Add(Some.Batch(node: "worker-1"), Some.Zstd(Process));
    }

    public void Dispose() => archive.Dispose();

    [Theory]
    [InlineData("fd00:0:0:0::1")]
    [InlineData("FD00::0001")]
    public async Task AnAddressIsFoundHoweverItIsSpelled(string address)
    {
        var outcome = await CommandLine.RunAsync("lookup", archive.Path, "-o", "json", "--source-ip", address);

        Assert.Equal(["r-1"], Ids(outcome));
    }

    [Theory]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3")]
    [InlineData("10.1.2.3", "::ffff:10.1.2.3")]
    [InlineData("10.1.2.3", "::FFFF:0a01:0203")]
    [InlineData("::ffff:10.1.0.0/112", "10.1.2.3")]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3")]
    public async Task AnAddressOfIpv4IsTheSameAsOneOfIpv6(string asked, string recorded)
    {
        using var other = new ArchiveFolder();
        other.Add(Some.Batch(), Some.Zstd(SecretRead.Replace("10.1.2.3", recorded, StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("lookup", other.Path, "-o", "json", "--source-ip", asked);

        Assert.Equal(["s-1"], Ids(outcome));
    }
}

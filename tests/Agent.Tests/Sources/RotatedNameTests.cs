using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class RotatedNameTests
{
    [Theory]
    [InlineData("audit-2026-11-22T05-36-00.123.log", true)]
    [InlineData("audit-2026-11-22T05-36-00.123.log.gz", true)]
    [InlineData("audit.log.1", true)]
    [InlineData("audit.log.12.gz", true)]
    [InlineData("audit.log-20261122", true)]
    [InlineData("audit.log-20261122.gz", true)]
    [InlineData("audit.log", false)]
    [InlineData("audit.log.gz", false)]
    [InlineData("audit-.log", false)]
    [InlineData("audit-2026-13-22T05-36-00.123.log", false)]
    [InlineData("audit-webhook.log", false)]
    [InlineData("audit-webhook-2026-11-22T05-36-00.123.log", false)]
    [InlineData("audit.log.bak", false)]
    [InlineData("audit.log.1.tmp", false)]
    [InlineData("audit.log.1\n", false)]
    [InlineData("audit.log.1234567", false)]
    [InlineData("audit-policy.yaml", false)]
    [InlineData("xaudit.log.1", false)]
    public void ASiblingIsKnownByItsWholeName(string name, bool isSibling) =>
        Assert.Equal(isSibling, RotatedName.Parse(name, "audit.log") is not null);

    [Fact]
    public void TheOldestComesFirstAndThePlainFileBeforeItsCompression()
    {
        string[] names = ["audit.log.2", "audit.log.10.gz", "audit.log.1.gz", "audit.log.1"];

        Assert.Equal(["audit.log.10.gz", "audit.log.2", "audit.log.1", "audit.log.1.gz"], Sorted(names));
        Assert.Equal(
            ["audit-2026-11-21T23-00-00.000.log.gz", "audit-2026-11-22T05-36-00.122.log", "audit-2026-11-22T05-36-00.123.log"],
            Sorted(["audit-2026-11-22T05-36-00.123.log", "audit-2026-11-21T23-00-00.000.log.gz", "audit-2026-11-22T05-36-00.122.log"]));
    }

    static IEnumerable<string> Sorted(IEnumerable<string> names) => names.Select(name => RotatedName.Parse(name, "audit.log")!).Order().Select(name => name.Name);
}

using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Tests.Sources;

public sealed class SiblingNamesTests
{
    static readonly SiblingNames Names = new("audit.log", null);

    [Theory]
    [InlineData("audit-2026-11-22T05-36-00.123.log")]
    [InlineData("audit-2026-11-22T05-36-00.123.log.gz")]
    [InlineData("audit-2026-11-22T05-36-00.123+0200.log")]
    [InlineData("audit.log.1")]
    [InlineData("audit.log.12.gz")]
    [InlineData("audit.1.log")]
    [InlineData("audit-1.log.zst")]
    [InlineData("audit.log-20261122")]
    [InlineData("audit.log-20261122.gz")]
    [InlineData("audit.log-2026-11-22")]
    [InlineData("audit.log.20261122")]
    [InlineData("audit-20261122.log")]
    [InlineData("audit-20261122.log.xz")]
    [InlineData("audit.log-2026112205")]
    [InlineData("audit.log-20261122-053600")]
    [InlineData("audit.log-20261122T053600Z")]
    [InlineData("audit.log-20261122T053600+02:00")]
    [InlineData("audit.log-20261122-CEST")]
    [InlineData("audit.log-20261122.2")]
    [InlineData("audit.log-1795325760")]
    [InlineData("audit.log_20261122.bz2")]
    public void ANumberOrATimeTellsARotatedFile(string name) => Assert.Equal(NameGrade.Certain, Names.Parse(name)!.Grade);

    [Theory]
    [InlineData("audit.log.bak")]
    [InlineData("audit.log.old.gz")]
    [InlineData("audit.log.1.tmp")]
    [InlineData("audit.log.1\n")]
    [InlineData("audit.log.1234567")]
    [InlineData("audit.log-20261322")]
    [InlineData("audit-2026-13-22T05-36-00.123.log")]
    public void AnotherExtensionOfTheNameMayBeOne(string name) => Assert.Equal(NameGrade.Possible, Names.Parse(name)!.Grade);

    [Theory]
    [InlineData("audit-webhook.log")]
    [InlineData("audit-webhook-2026-11-22T05-36-00.123.log")]
    [InlineData("audit-old.log.gz")]
    public void ANameWithMoreWordsIsAnotherLogs(string name) => Assert.Equal(NameGrade.Foreign, Names.Parse(name)!.Grade);

    [Theory]
    [InlineData("audit.log")]
    [InlineData("audit.log.gz")]
    [InlineData("audit-.log")]
    [InlineData("audit.log.")]
    [InlineData("audit.logs")]
    [InlineData("audit-policy.yaml")]
    [InlineData("xaudit.log.1")]
    [InlineData(".audit.log.1.swp")]
    public void WhatDoesNotExtendTheNameIsNothing(string name) => Assert.Null(Names.Parse(name));

    [Fact]
    public void WithoutAnExtensionOnlyNumbersAndTimesCount()
    {
        var names = new SiblingNames("audit", null);

        Assert.Equal(NameGrade.Certain, names.Parse("audit-20261122")!.Grade);
        Assert.Equal(NameGrade.Foreign, names.Parse("audit.log")!.Grade);
    }

    [Fact]
    public void APatternTakesThePlaceOfAllRules()
    {
        var names = new SiblingNames("audit.log", "old-*.log*");

        Assert.Equal(NameGrade.Certain, names.Parse("old-a.log.gz")!.Grade);
        Assert.Null(names.Parse("audit.log.1"));
        Assert.Null(names.Parse("audit.log"));
        Assert.NotNull(new SiblingNames("audit.log", "old-*.log").Parse("old-a.log.gz"));
        Assert.Equal(3, new SiblingNames("audit.log", "audit.log.*").Parse("audit.log.3")!.Number);
    }

    [Fact]
    public void OnlyTheNameOfLumberjackTellsWhenTheNextFileBegan()
    {
        Assert.Equal(DateTimeOffset.Parse("2026-11-22T05:36:00.123Z"), Names.Parse("audit-2026-11-22T05-36-00.123.log.gz")!.RotatedAt);
        Assert.Null(Names.Parse("audit.log-20261122T053600Z")!.RotatedAt);
    }

    [Fact]
    public void TheOldestComesFirstAndThePlainFileBeforeItsCompression()
    {
        string[] names = ["audit.log.2", "audit.log.10.gz", "audit.log.1.gz", "audit.log.1"];

        Assert.Equal(["audit.log.10.gz", "audit.log.2", "audit.log.1", "audit.log.1.gz"], Sorted(names));
        Assert.Equal(
            ["audit-2026-11-21T23-00-00.000.log.gz", "audit.log-20261122", "audit-2026-11-22T05-36-00.122.log", "audit-2026-11-22T05-36-00.123.log"],
            Sorted(["audit-2026-11-22T05-36-00.123.log", "audit.log-20261122", "audit-2026-11-21T23-00-00.000.log.gz", "audit-2026-11-22T05-36-00.122.log"]));
        Assert.Equal(["audit.log-1795325760", "audit.log-20261123"], Sorted(["audit.log-20261123", "audit.log-1795325760"]));
    }

    static IEnumerable<string> Sorted(IEnumerable<string> names) =>
        names.Select(name => new FolderEntry(Names.Parse(name)!, name, null)).Order().Select(entry => entry.Path);
}

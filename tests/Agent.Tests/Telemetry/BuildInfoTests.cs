using ClusterTrail.Telemetry;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class BuildInfoTests
{
    [Theory]
    [InlineData("0.1.0+246c6df", "0.1.0", "246c6df")]
    [InlineData("0.1.0-rc.1+246c6df", "0.1.0-rc.1", "246c6df")]
    [InlineData("0.1.0", "0.1.0", "unknown")]
    public void VersionAndRevisionComeFromTheInformationalVersion(string informational, string version, string revision)
    {
        var build = BuildInfo.Parse(informational);

        Assert.Equal(new BuildInfo(version, revision), build);
    }
}

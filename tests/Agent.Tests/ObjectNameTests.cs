using ClusterTrail.Archive;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Tests;

/// <summary>What the contract says of the names of objects is what the archive calls them.</summary>
public sealed class ObjectNameTests
{
    [Fact]
    public void TheLongestNameThatIsTakenFitsIntoAKeyOfS3()
    {
        var most = Enumerable.Range(1, 1000).Last(length => Contracts.ProblemsOf(Configuration(new string('p', length))).Count == 0);

        var name = new BatchName
        {
            Cluster = "prod",
            Trail = "main",
            FirstEvent = DateTimeOffset.UnixEpoch,
            Node = "cp-1",
            Source = "apiserver",
            Sequence = long.MaxValue,
            Hash = new('0', BatchName.HashDigits),
            Codec = Codec.Zstd,
            Encrypted = true,
        };
        Assert.Equal(1024, most + 1 + name.ToString().Length);
    }

    static AgentConfiguration Configuration(string prefix) => new()
    {
        ClusterName = "prod",
        NodeName = "cp-1",
        Trail = "main",
        StateDirectory = "/state",
        Sources = [new() { Name = "apiserver", Type = SourceType.LogFile, LogFile = new() { Path = "/audit.log" } }],
        Sink = new() { Type = SinkType.S3, S3 = new() { Bucket = "b", Prefix = prefix } },
    };
}

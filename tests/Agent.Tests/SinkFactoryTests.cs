using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Tests;

public sealed class SinkFactoryTests
{
    [Theory]
    [InlineData(SinkType.Directory, "sink.directory")]
    [InlineData(SinkType.S3, "sink.s3")]
    public void AMissingSectionIsNamed(SinkType type, string section)
    {
        var failure = Assert.Throws<ArgumentException>(() => SinkFactory.Create(new() { Type = type }, TimeProvider.System));

        Assert.Contains(section, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StaticCredentialsWithoutFilesAreNotReplacedByTheMachines()
    {
        var s3 = new S3SinkConfiguration
        {
            Bucket = "trail",
            Region = "eu-central-1",
            Credentials = new() { Type = S3CredentialsType.Static },
        };

        var failure = Assert.Throws<ArgumentException>(() =>
            SinkFactory.Create(new() { Type = SinkType.S3, S3 = s3 }, TimeProvider.System));

        Assert.Contains("sink.s3.credentials.static", failure.Message, StringComparison.Ordinal);
    }
}

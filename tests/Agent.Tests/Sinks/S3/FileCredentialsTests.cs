using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

public sealed class FileCredentialsTests : IDisposable
{
    readonly CredentialFiles files = new("first", "secret");
    readonly StoppedTime time = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public void LineEndsAreNoPartOfAValue()
    {
        files.Replace("id\n", " secret \r\n");

        var read = new FileCredentials(files.Paths, time).GetCredentials();

        Assert.Equal(("id", "secret"), (read.AccessKey, read.SecretKey));
    }

    [Fact]
    public void AReplacedSecretIsReadAfterFiveSeconds()
    {
        var credentials = new FileCredentials(files.Paths, time);
        credentials.GetCredentials();
        files.Replace("second", "secret");

        time.Elapsed = TimeSpan.FromSeconds(4.9);
        var before = credentials.GetCredentials();
        time.Elapsed = TimeSpan.FromSeconds(5);
        var after = credentials.GetCredentials();

        Assert.Equal(("first", "second"), (before.AccessKey, after.AccessKey));
    }

    [Fact]
    public void AReplacedSecretIsReadAtOnceWhenTheOldOneWasRefused()
    {
        var credentials = new FileCredentials(files.Paths, time);
        credentials.GetCredentials();
        files.Replace("second", "secret");

        credentials.Forget();

        Assert.Equal("second", credentials.GetCredentials().AccessKey);
    }

    [Fact]
    public void AnEmptyFileIsNamed()
    {
        files.Replace("", "secret");

        var failure = Assert.Throws<SinkException>(() => new FileCredentials(files.Paths, time).GetCredentials());

        Assert.Equal("NoCredentials", failure.Code);
        Assert.Contains(files.Paths.AccessKeyIdPath, failure.Message, StringComparison.Ordinal);
    }

    sealed class StoppedTime : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;
    }
}

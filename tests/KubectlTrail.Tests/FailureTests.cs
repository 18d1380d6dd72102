namespace ClusterTrail.Kubectl.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task AnUnexpectedExceptionIsOneLineWhateverItSays()
    {
        using var error = new StringWriter();
        await using var output = new FailingStream();

        var exitCode = await TrailCommand.RunAsync(
            ["detections", "list"], new(output, error, null, ErrorIsTerminal: false, Colour: false), TestContext.Current.CancellationToken);

        Assert.Equal((1, "kubectl trail: first\\u000asecond (InvalidOperationException).\n"), (exitCode, error.ToString()));
    }

    sealed class FailingStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("first\nsecond");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new InvalidOperationException("first\nsecond");
    }
}

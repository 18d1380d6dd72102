using ClusterTrail.Fixtures.K3s;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

/// <summary>What can be said of the choice of k3s without Docker.</summary>
public sealed class K3sTests : IDisposable
{
    const string Sentence = "CLUSTERTRAIL_TEST_CLUSTER=k3s needs Docker, which does not answer here";

    readonly TemporaryFolder folder = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task WithoutDockerATestIsSkippedWithASentence()
    {
        var docker = new DockerProgram(folder.Join("docker"));

        var skipped = await Assert.ThrowsAsync<MissingPartException>(() => ClusterFixture.StartAsync("k3s", null, docker, Cancellation));

        Assert.StartsWith($"{Sentence}: ", skipped.Message, StringComparison.Ordinal);
        Assert.EndsWith("No such file or directory", skipped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSentenceHasWhatDockerSays()
    {
        var docker = Docker("echo 'Cannot connect to the Docker daemon.' >&2; exit 1");

        var skipped = await Assert.ThrowsAsync<MissingPartException>(() => ClusterFixture.StartAsync("k3s", "", docker, Cancellation));

        Assert.Equal($"{Sentence}: docker version exited with 1: Cannot connect to the Docker daemon.", skipped.Message);
    }

    [Theory]
    [InlineData("kind", "", "CLUSTERTRAIL_TEST_CLUSTER is 'kind' but must be k3s, or not set.")]
    [InlineData("k3s", "/tmp/trail.yaml", "CLUSTERTRAIL_TEST_CLUSTER and CLUSTERTRAIL_TEST_KUBECONFIG are both set; set one of them.")]
    public async Task AChoiceThatIsNoneIsRefused(string choice, string kubeconfig, string sentence)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ClusterFixture.StartAsync(choice, kubeconfig, new(), Cancellation));

        Assert.Equal(sentence, refused.Message);
    }

    [Fact]
    public async Task ImagesAreBuiltFromTheDockerfilesUnderTheNamesThatTheChartUses()
    {
        await Docker($"echo \"$@\" >> {folder.Join("calls")}").SaveImagesAsync("/repository", "0.1.0", "/images.tar", Cancellation);

        Assert.Equal(
            [
                "build --tag clustertrail-agent:0.1.0 --file /repository/Dockerfile.agent /repository",
                "build --tag clustertrail-operator:0.1.0 --file /repository/Dockerfile.operator /repository",
                "save --output /images.tar clustertrail-agent:0.1.0 clustertrail-operator:0.1.0",
            ],
            await File.ReadAllLinesAsync(folder.Join("calls"), Cancellation));
    }

    [Fact]
    public async Task ABuildThatFailsIsAFailureThatSaysWhy()
    {
        var docker = Docker("echo 'no space left' >&2; exit 17");

        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => docker.SaveImagesAsync("/repository", "0.1.0", "/images.tar", Cancellation));

        Assert.Equal("docker build exited with 17: no space left", failed.Message);
    }

    DockerProgram Docker(string script)
    {
        var path = folder.Join("docker");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new(path);
    }
}

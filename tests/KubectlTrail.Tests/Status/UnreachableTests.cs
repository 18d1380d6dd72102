using System.Text;

namespace ClusterTrail.Kubectl.Tests.Status;

public sealed class UnreachableTests : IDisposable
{
    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("render", "--from-cluster")]
    public async Task AnApiServerThatIsNotThereIsOneSentence(params string[] command)
    {
        var kubeconfig = folder.AddFile("config", Encoding.UTF8.GetBytes("""
            current-context: here
            contexts: [{name: here, context: {cluster: here}}]
            clusters: [{name: here, cluster: {server: 'https://127.0.0.1:1'}}]
            """));

        var outcome = await CommandLine.RunAsync([.. command, "--kubeconfig", kubeconfig]);

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Matches("^kubectl trail: https://127.0.0.1:1 cannot be reached: [^\n]+[.]\n$", outcome.Error);
    }

    [Fact]
    public async Task AKubeconfigThatIsNotThereIsWrongUsage()
    {
        var outcome = await CommandLine.RunAsync("status", "--kubeconfig", Path.Combine(folder.Path, "none"));

        Assert.Equal(2, outcome.ExitCode);
        Assert.Matches("^kubectl trail: The kubeconfig .+none cannot be read: [^\n]+[.]\n$", outcome.Error);
    }
}

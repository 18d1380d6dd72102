namespace ClusterTrail.Agent.Tests.Sources.Containers;

public sealed class ContainerLogsTests : IDisposable
{
    readonly PodLogs logs = new();

    public void Dispose() => logs.Dispose();

    [Fact]
    public void LinesOfBothStreamsAreGivenOutOnce()
    {
        logs.Write(logs.Cri("one") + logs.Cri("two", "stderr"));
        Assert.Equal(["one", "E two"], logs.Read());

        logs.Write(logs.Cri("three"));
        Assert.Equal(["three"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void RotationCompressionAndRestartsRepeatAndLoseNothing()
    {
        logs.Write(logs.Cri("one"));
        Assert.Equal(["one"], logs.Read());
        logs.Save();
        logs.Write(logs.Cri("two"));
        var rotated = PodLogs.Rotate(logs.Live(), "20261126-100000");
        logs.Write(logs.Cri("three"));
        logs.Kill();
        PodLogs.Compress(rotated);
        logs.Write(logs.Cri("four"), logs.Live(restart: 1));

        Assert.Equal(["two", "three", "four"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void LogsThatAreOnlySeenAreToBeSaved()
    {
        logs.Write(logs.Cri("first"));
        Assert.True(logs.Watch());
        Assert.False(logs.Watch());

        logs.Write(logs.Cri("another"), logs.Live(container: "sidecar"));

        Assert.True(logs.Watch());
    }

    [Fact]
    public void APodThatNoRuleNamesIsNotOpened()
    {
        logs.Write(logs.Cri("secret"), logs.Live(PodLogs.Other));
        logs.Write(logs.Cri("open"));

        Assert.Equal(["open"], logs.ReadAll());
    }

    [Theory]
    [InlineData("pod")]
    [InlineData("container")]
    [InlineData("log")]
    public void ALinkIsNotFollowed(string where)
    {
        logs.Write(logs.Cri("secret"), logs.Live(PodLogs.Other));
        var pod = Path.Combine(logs.Root, "shop_evil_8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5c");
        switch (where)
        {
            case "pod":
                Directory.CreateSymbolicLink(pod, Path.Combine(logs.Root, PodLogs.Other));
                break;
            case "container":
                Directory.CreateDirectory(pod);
                Directory.CreateSymbolicLink(Path.Combine(pod, "app"), logs.FolderOf(PodLogs.Other));
                break;
            default:
                Directory.CreateDirectory(Path.Combine(pod, "app"));
                File.CreateSymbolicLink(Path.Combine(pod, "app", "0.log"), logs.Live(PodLogs.Other));
                break;
        }

        logs.Write(logs.Cri("open"));
        Assert.Equal(["open"], logs.ReadAll());
        Assert.Contains("links are not followed", logs.View.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void BeyondTheLimitOfOpenFilesAllIsReadToo()
    {
        logs.Configuration = logs.Configuration with { MaxOpenFiles = 1 };
        var all = Enumerable.Range(0, 5).Select(at => logs.Live(container: $"c{at}")).ToList();
        all.ForEach(path => logs.Write(logs.Cri("one"), path));
        Assert.Equal(5, logs.ReadAll().Count);
        all.ForEach(path => logs.Write(logs.Cri("two"), path));
        Assert.Equal(5, logs.ReadAll().Count(line => line == "two"));
    }
}

using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Containers;

/// <summary>Pods' logs that are links to those of Docker's containers, in real files.</summary>
public sealed class DockerLinksTests : IDisposable
{
    static readonly string Id = new('a', 64);
    static readonly string OtherId = new('b', 64);

    readonly TemporaryFolder docker = new();
    readonly PodLogs logs = new();
    int written;

    public DockerLinksTests() => logs.Configuration = logs.Configuration with { DockerPath = docker.Path };

    public void Dispose()
    {
        logs.Dispose();
        docker.Dispose();
    }

    [Fact]
    public void ALogIsReadThroughItsLink()
    {
        Write(Live(Id), "one");
        Link(Live(Id));
        Assert.Equal(["one"], logs.ReadAll());

        Write(Live(Id), "two");

        Assert.Equal(["two"], logs.ReadAll());
        Assert.Empty(logs.Failures);
    }

    [Fact]
    public void WhatDockerHasRotatedIsReadFirstTheOldestFirst()
    {
        Write($"{Live(Id)}.2", "one");
        PodLogs.Compress($"{Live(Id)}.2");
        Write($"{Live(Id)}.1", "two");
        Write(Live(Id), "three");
        Link(Live(Id));

        Assert.Equal(["one", "two", "three"], logs.ReadAll());
    }

    [Fact]
    public void RotationsAndRestartsOfTheAgentLoseAndRepeatNothing()
    {
        Link(Live(Id));
        var lines = new List<string>();
        for (var turn = 0; turn < 6; turn++)
        {
            Write(Live(Id), $"a{turn}");
            lines.AddRange(logs.Read());
            Write(Live(Id), $"b{turn}");
            if (turn % 2 == 0)
            {
                logs.Save();
                logs.Kill();
            }

            Rotate();
            lines.AddRange(logs.ReadAll());
            logs.Save();
        }

        Assert.Equal(Enumerable.Range(0, 6).SelectMany(turn => new[] { $"a{turn}", $"b{turn}" }), lines);
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void EachContainerOfARestartedPodHasItsOwn()
    {
        Write(Live(Id), "first");
        Link(Live(Id));
        Write(Live(OtherId), "second");
        Link(Live(OtherId), restart: 1);

        Assert.Equal(["first", "second"], logs.ReadAll());
    }

    [Theory]
    [InlineData("{docker}/{id}/config.v2.json")]
    [InlineData("{docker}/{id}/{id}-json.log.1")]
    [InlineData("{docker}/{id}/{other}-json.log")]
    [InlineData("{docker}/{id}/../{id}/{id}-json.log")]
    [InlineData("{docker}//{id}/{id}-json.log")]
    [InlineData("{docker}/./{id}/{id}-json.log")]
    [InlineData("{docker}/{short}/{short}-json.log")]
    [InlineData("{docker}/{id}-json.log")]
    [InlineData("{docker}x/{id}/{id}-json.log")]
    [InlineData("{elsewhere}/{id}/{id}-json.log")]
    [InlineData("../../../{id}/{id}-json.log")]
    [InlineData("{id}/{id}-json.log")]
    public void NoOtherTargetIsRead(string target)
    {
        using var elsewhere = new TemporaryFolder();
        target = target.Replace("{docker}", docker.Path, StringComparison.Ordinal).Replace("{id}", Id, StringComparison.Ordinal)
            .Replace("{other}", OtherId, StringComparison.Ordinal).Replace("{short}", Id[1..], StringComparison.Ordinal)
            .Replace("{elsewhere}", elsewhere.Path, StringComparison.Ordinal);
        var file = Path.GetFullPath(target, logs.FolderOf());
        var isOutside = !file.StartsWith(Path.GetTempPath(), StringComparison.Ordinal) || file.StartsWith($"{docker.Path}x", StringComparison.Ordinal);
        if (!isOutside)
        {
            Write(file, "secret");
        }

        Link(target);
        logs.Write(logs.Cri("open"), logs.Live(container: "other"));

        Assert.Equal(["open"], logs.ReadAll());
    }

    [Theory]
    [InlineData("file")]
    [InlineData("rotated")]
    [InlineData("folder")]
    public void BelowDockersFolderNoLinkIsFollowed(string where)
    {
        Write(Live(OtherId), "secret");
        Write($"{Live(OtherId)}.1", "older secret");
        switch (where)
        {
            case "file":
                Directory.CreateDirectory(docker.Join(Id));
                File.CreateSymbolicLink(Live(Id), Live(OtherId));
                break;
            case "rotated":
                Write(Live(Id), "own");
                File.CreateSymbolicLink($"{Live(Id)}.1", $"{Live(OtherId)}.1");
                break;
            default:
                Directory.CreateDirectory(docker.Join("x"));
                File.Copy(Live(OtherId), docker.Join($"x/{Id}-json.log"));
                Directory.CreateSymbolicLink(docker.Join(Id), docker.Join("x"));
                break;
        }

        Link(Live(Id));

        Assert.Equal(where == "rotated" ? ["own"] : [], logs.ReadAll());
        Assert.Contains("links are not followed", logs.View.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingElseInAContainersFolderIsRead()
    {
        Write(Live(Id), "own");
        foreach (var name in (string[])["config.v2.json", "hostconfig.json", $"{Id}-json.log.bak", $"{Id}-json.log.01", $"{Id}-json.log.1.zst", "x.log"])
        {
            Write(docker.Join($"{Id}/{name}"), "secret");
        }

        Link(Live(Id));

        Assert.Equal(["own"], logs.ReadAll());
    }

    [Fact]
    public void AnotherPodsFolderLeadsToNoLog()
    {
        Write(Live(Id), "secret");
        Directory.CreateDirectory(logs.FolderOf(PodLogs.Other));
        File.CreateSymbolicLink(Path.Combine(logs.FolderOf(PodLogs.Other), "0.log"), Live(Id));
        var pod = Directory.CreateDirectory(Path.Combine(logs.Root, PodLogs.Pod)).FullName;
        Directory.CreateSymbolicLink(Path.Combine(pod, "app"), logs.FolderOf(PodLogs.Other));

        Assert.Empty(logs.ReadAll());
    }

    [Fact]
    public void WithoutTheFolderTheNoticeSaysWhatToSet()
    {
        logs.Configuration = logs.Configuration with { DockerPath = null };
        Write(Live(Id), "one");
        Link(Live(Id));

        Assert.Empty(logs.ReadAll());
        Assert.Contains("spec.workloadAgent.dockerContainers", logs.View.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyNameOfAFileIsOneOfOursOrNone()
    {
        var random = new Random(16);
        const string letters = "0123456789.log#gz/-abjson";
        for (var at = 0; at < 100_000; at++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => letters[random.Next(letters.Length)]));
            if (DockerLogs.NameOf($"{DockerLogs.LiveOf(Id)}{text}", Id, "3.log") is { } ours)
            {
                Assert.Equal(("3.log", text), DockerLogs.Parse(ours));
            }

            if (DockerLogs.Parse(text) is { } parsed)
            {
                Assert.Matches(@"^[0-9]+\.log$", parsed.Link);
                Assert.Matches(@"^\.[0-9]+(\.gz)?$", parsed.Rotation);
            }
        }
    }

    string Live(string id) => docker.Join($"{id}/{id}-json.log");

    void Link(string target, int restart = 0) => File.CreateSymbolicLink(Path.Combine(logs.FolderOf(), $"{restart}.log"), target);

    void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.AppendAllText(path, $$"""{"log":"{{text}}\n","stream":"stdout","time":"2026-11-26T10:00:00.{{written++:d9}}Z"}""" + "\n");
    }

    // As Docker does with max-file: 4 and compress: the oldest goes, each gets the next number, and the first is compressed.
    void Rotate()
    {
        for (var number = 8; number > 1; number--)
        {
            if (File.Exists($"{Live(Id)}.{number - 1}.gz"))
            {
                File.Move($"{Live(Id)}.{number - 1}.gz", $"{Live(Id)}.{number}.gz");
            }
        }

        File.Move(Live(Id), $"{Live(Id)}.1");
        PodLogs.Compress($"{Live(Id)}.1");
        File.WriteAllText(Live(Id), "");
    }
}

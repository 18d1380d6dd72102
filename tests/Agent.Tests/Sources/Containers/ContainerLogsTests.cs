using ClusterTrail.Contract;

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
    public void ALineInPiecesIsJoinedThoughTheOtherStreamComesBetween()
    {
        logs.Write(logs.Cri("a", tag: "P") + logs.Cri("err", "stderr") + logs.Cri("b", tag: "P"));
        Assert.Equal(["E err"], logs.Read());

        logs.Save();
        logs.Kill();
        logs.Write(logs.Cri("c"));
        Assert.Equal(["abc"], logs.ReadAll());
    }

    [Fact]
    public void ALineWithoutItsEndIsGivenOutWhenItsLogIsRotated()
    {
        logs.Write(logs.Cri("a", tag: "P"));
        Assert.Empty(logs.ReadAll());

        PodLogs.Rotate(logs.Live(), "20261126-100000");
        logs.Write(logs.Cri("b"));
        Assert.Equal(["a", "b"], logs.ReadAll().Order());
        logs.Save();
        logs.Kill();
        Assert.Empty(logs.ReadAll());
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
    public void WhatIsDeletedWhileItIsHeldOpenIsRead()
    {
        logs.Write(logs.Cri("one"));
        Assert.Equal(["one"], logs.Read());
        logs.Write(logs.Cri("two"));
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);

        Assert.Equal(["two"], logs.ReadAll());
        Assert.Empty(logs.Gaps);
    }

    [Fact]
    public void WhatGoesAwayUnreadIsAGap()
    {
        logs.Write(logs.Cri("one"));
        logs.Read();
        logs.Save();
        logs.Kill();
        Directory.Delete(Path.Combine(logs.Root, PodLogs.Pod), recursive: true);

        Assert.Empty(logs.ReadAll());
        var gap = Assert.Single(logs.Gaps);
        Assert.Equal(("Unseen", null), (gap.Reason, gap.Bytes));
        Assert.Contains($"{PodLogs.Pod}/app/0", gap.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ALineWithoutItsEndThatGoesAwayIsAGap()
    {
        logs.Write(logs.Cri("whole") + logs.Cri("secret", tag: "P"));
        logs.Read();
        var rotated = PodLogs.Rotate(logs.Live(), "20261126-100000");
        logs.Write(logs.Cri("next"));
        logs.Watch();
        logs.Save();
        logs.Kill();
        File.Delete(rotated);

        Assert.Equal(["next"], logs.ReadAll());
        var gap = Assert.Single(logs.Gaps);
        Assert.Equal(("Vanished", (long?)logs.Cri("secret", tag: "P").Length), (gap.Reason, gap.Bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ADamagedCompressedLogIsOneGapHoweverOftenItIsLookedAt(bool hasABeginning)
    {
        logs.Write(logs.Cri("now"));
        var rotated = logs.Live() + ".20261126-100000";
        // Always the same: what damaged gzip gives before its damage shows may repeat what came before.
        var random = new Random(1);
        logs.Write(string.Concat(Enumerable.Range(0, 5000).Select(_ => logs.Cri($"{random.NextInt64():x16}"))), rotated);
        PodLogs.Compress(rotated);
        var damaged = File.ReadAllBytes(rotated + ".gz");
        damaged.AsSpan(hasABeginning ? damaged.Length / 2 : 12, 40).Fill(0xff);
        File.WriteAllBytes(rotated + ".gz", damaged);

        var read = logs.ReadAll();
        logs.Save();
        logs.Kill();
        var again = logs.ReadAll();

        Assert.Contains("now", read);
        Assert.Equal(hasABeginning, read.Count > 1000);
        Assert.Empty(again);
        Assert.Equal("Damaged", Assert.Single(logs.Gaps).Reason);
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
    public void RulesThatChangeInTheMidstOfABlockRepeatAndLoseNothing()
    {
        logs.Write(string.Concat(Enumerable.Range(0, 100).Select(number => logs.Cri($"{number}"))));
        logs.Write(logs.Cri("of another"), logs.Live(PodLogs.Other));
        Assert.True(logs.TryReadOne(out _));

        logs.Ask(new ContainerRule { Namespaces = ["bank"] }, new ContainerRule { Namespaces = ["shop"], Containers = ["app"] });
        logs.Time.Advance(TimeSpan.FromSeconds(1));
        logs.Watch();
        var read = logs.ReadAll();

        Assert.Equal(
            Enumerable.Range(1, 99).Select(number => $"{number}").Append("of another").Order(StringComparer.Ordinal),
            read.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ALogThatIsCutGoesOnWithAGap()
    {
        logs.Write(logs.Cri("one") + logs.Cri("two"));
        logs.Read();
        File.WriteAllText(logs.Live(), logs.Cri("three"));

        Assert.Equal(["three"], logs.ReadAll());
        Assert.Equal("Unseen", Assert.Single(logs.Gaps).Reason);
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
    public void OfALineThatIsTooLongTheBeginningIsKept()
    {
        logs.Configuration = logs.Configuration with { MaxLineBytes = 4096 };
        logs.Write(logs.Cri(new string('x', 600_000)) + logs.Cri("next"));

        Assert.True(logs.TryReadOne(out var line));
        Assert.Equal(600_000, line.Container!.Bytes);
        Assert.True(line.Text.Length <= 4096);
        Assert.Equal(["next"], logs.ReadAll());
    }

    [Fact]
    public void MemoryOfALineInPiecesIsBounded()
    {
        logs.Configuration = logs.Configuration with { MaxLineBytes = 4096 };
        for (var piece = 0; piece < 10; piece++)
        {
            logs.Write(logs.Cri(new string('x', 1000), tag: piece < 9 ? "P" : "F"));
        }

        Assert.True(logs.TryReadOne(out var line));
        Assert.Equal((10_000, 4096), (line.Container!.Bytes, line.Text.Length));
    }

    [Fact]
    public void DockersLinesAreRead()
    {
        logs.Write("""{"log":"a\u003cb","stream":"stdout","time":"2026-11-26T10:00:00.000000001Z"}""" + "\n");
        logs.Write("""{"log":"c\n","stream":"stdout","time":"2026-11-26T10:00:00.000000002Z"}""" + "\n");

        Assert.Equal(["a<bc"], logs.ReadAll());
    }

    [Fact]
    public void WhatNoRuntimeWritesIsGivenOutAsItIs()
    {
        logs.Write("garbage\n" + logs.Cri("one"));

        Assert.Equal(["? garbage", "one"], logs.ReadAll());
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

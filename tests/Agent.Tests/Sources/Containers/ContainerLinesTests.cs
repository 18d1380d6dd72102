namespace ClusterTrail.Agent.Tests.Sources.Containers;

/// <summary>Lines as runtimes write them: whole, in pieces, too long.</summary>
public sealed class ContainerLinesTests : IDisposable
{
    readonly PodLogs logs = new();

    public void Dispose() => logs.Dispose();

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
    public void MemoryOfAllLinesInPiecesIsBounded()
    {
        logs.Configuration = logs.Configuration with { MaxPartialBytes = (3 << 20) + 4096, MaxLineBytes = 1 << 20 };
        var all = Enumerable.Range(0, 8).Select(at => logs.Live(container: $"c{at}")).ToList();
        foreach (var path in all)
        {
            logs.Write(logs.Cri(new string('x', 600_000), tag: "P"), path);
            Assert.Empty(logs.Read());
        }

        all.ForEach(path => logs.Write(logs.Cri("end"), path));
        var read = logs.ReadLengths();

        // A MiB for each of the last three; the others keep their beginning, and all their true length.
        Assert.All(read, line => Assert.Equal(600_003, line.Bytes));
        Assert.Equal([256, 256, 256, 256, 256, 600_003, 600_003, 600_003], read.Select(line => line.Kept).Order());
    }

    [Fact]
    public void WhatALineInPiecesTookIsFreeAgainWhenItEnds()
    {
        logs.Configuration = logs.Configuration with { MaxPartialBytes = 1 << 20, MaxLineBytes = 1 << 20 };
        for (var turn = 0; turn < 5; turn++)
        {
            logs.Write(logs.Cri(new string('x', 600_000), tag: "P") + logs.Cri("end"));
        }

        Assert.All(logs.ReadLengths(), line => Assert.Equal((600_003L, 600_003), line));
    }
}

using System.Text;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Execs;

public sealed class HeldProcessesTests : IDisposable
{
    readonly ManualTime time = new();
    readonly TemporaryFolder folder = new();
    readonly LinesInMemory journal = new();
    readonly HandedExecs handed;
    readonly ProcessJoin join;
    readonly HeldProcesses source;

    public HeldProcessesTests()
    {
        handed = new(SomeExec.Origin, time);
        var joiner = new ProcessJoiner(handed, isExpected: true, time);
        join = new(handed, joiner, new(joiner, folder.Join("joined"), () => { }));
        source = new(journal, join);
        time.Advance(TimeSpan.FromMinutes(1));
    }

    public void Dispose()
    {
        source.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void OneThatEnteredIsHeldAndAllAfterIt()
    {
        var now = time.GetUtcNow();
        journal.Add(SomeExec.Line(now, 1), SomeExec.Line(now, 2, "Entered"), SomeExec.Line(now, 3, null, [2]));

        Assert.Equal("1-1", Read());
        Assert.Equal("-", Read());
        Assert.True(source.IsHolding);
        Assert.True(handed.IsWaiting);
        Assert.Equal("-", Read());

        time.Advance(ProcessJoiner.Longest);

        Assert.Equal(["2-1", "3-1", "-"], [Read(), Read(), Read()]);
        Assert.False(source.IsHolding);
        Assert.False(handed.IsWaiting);
    }

    [Fact]
    public void EachIsHeldForItsOwnTimeOnly()
    {
        for (var at = 1; at <= 100; at++)
        {
            journal.Add(SomeExec.Line(time.GetUtcNow().AddSeconds(at * 0.1), at, "Entered"));
        }

        time.Advance(ProcessJoiner.Longest + TimeSpan.FromSeconds(10));

        Assert.All(Enumerable.Range(1, 100), at => Assert.Equal($"{at}-1", Read()));
    }

    [Fact]
    public void WhatIsReleasedComesAtOnceAndTheNextIsHeldAgain()
    {
        journal.Add(SomeExec.Line(time.GetUtcNow(), 1, "Entered"), SomeExec.Line(time.GetUtcNow(), 2, "Entered"));
        Assert.Equal("-", Read());

        source.Release();

        Assert.Equal(["1-1", "-", "-"], [Read(), Read(), Read()]);
        Assert.True(source.IsHolding);
    }

    string Read() => source.TryRead(out var line)
        ? System.Text.Json.JsonElement.Parse(Encoding.UTF8.GetString(line.Text)).GetProperty("process").GetProperty("id").GetString()!
        : "-";

    sealed class LinesInMemory : ISource
    {
        readonly Queue<string> lines = [];

        public SourceView View => new(null, null, null, null, 0);

        public void Add(params string[] added) => Array.ForEach(added, lines.Enqueue);

        public void Begin()
        {
        }

        public SourceProgress TakeProgress() => SourceProgress.Empty;

        public bool Watch() => false;

        public bool TryRead(out SourceLine line)
        {
            line = lines.TryDequeue(out var text) ? new(Encoding.UTF8.GetBytes(text), default, null) : default;
            return text is not null;
        }

        public void Dispose()
        {
        }
    }
}

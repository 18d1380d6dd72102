using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Execs;

public sealed class JoinedProcessesTests : IDisposable
{
    readonly ManualTime time = new();
    readonly TemporaryFolder folder = new();
    readonly HandedExecs handed;
    readonly JoinedProcesses joined;

    public JoinedProcessesTests()
    {
        handed = new(SomeExec.Origin, time);
        joined = New();
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheProcessAndItsChildrenAndTheirsHaveThePersonsName()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));

        var (own, child, grandchild) = (
            Of(joined, Line(10, "Entered")), Of(joined, Line(11, null, 10, 2)), Of(joined, Line(12, null, 11)));

        Assert.All([own, child, grandchild], one => Assert.Equal("alice", (string?)one!["userIdentity"]!["userName"]));
        Assert.Equal("ApiRequest", (string?)own!["join"]!["startedBy"]);
        Assert.Equal([null, "10-1", "10-1"], new[] { own, child, grandchild }.Select(one => (string?)one!["join"]!["inheritedFrom"]));
        Assert.NotNull(own["apiEventID"]);
    }

    [Fact]
    public void WhatItExecutesInItsOwnPlaceHasTheName()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        Of(joined, Line(10, "Entered"));

        Assert.Equal("alice", (string?)Of(joined, Line(10, null))!["userIdentity"]!["userName"]);
    }

    [Fact]
    public void OthersHaveNone()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        Of(joined, Line(10, "Entered"));

        Assert.Null(Of(joined, Line(20, null, 1)));
        Assert.Null(Of(joined, Line(21, "Started")));
    }

    [Fact]
    public void OfTwoThatCouldHaveStartedItBothAreNamedAndNoneAlone()
    {
        Hand(SomeExec.Event(time.GetUtcNow()), SomeExec.Event(time.GetUtcNow(), "bob"));

        var record = Of(joined, Line(10, "Entered"))!;

        Assert.Null(record["userIdentity"]);
        Assert.Null(record["apiEventID"]);
        Assert.Equal(["alice", "bob"], record["apiEvents"]!.AsArray().Select(one => (string?)one!["userIdentity"]!["userName"]).Order());
    }

    [Fact]
    public void OneThatNobodyCanSayOfHasNoOrigin()
    {
        var record = Of(joined, Line(10, "Entered"))!;

        Assert.Null(record["join"]!["startedBy"]);
        Assert.NotNull((string?)record["join"]!["notEvaluable"]);
        Assert.Null(Of(joined, Line(11, null, 10)));
    }

    [Fact]
    public void WhoLeavesForAnotherContainerKeepsTheName()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        Of(joined, Line(10, "Entered"));

        Assert.Equal("alice", (string?)Of(joined, Line(11, "EnteredNamespaces", 10))!["userIdentity"]!["userName"]);
    }

    [Fact]
    public void TheyAreKnownAfterARestart()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        Of(joined, Line(10, "Entered"));
        Of(joined, Line(11, null, 10));
        joined.Save();

        var restarted = New();
        restarted.Load();

        Assert.Equal("alice", (string?)Of(restarted, Line(12, null, 11))!["userIdentity"]!["userName"]);
        Assert.Equal("10-1", (string?)Of(restarted, Line(13, null, 10))!["join"]!["inheritedFrom"]);
    }

    [Fact]
    public void ADamagedFileIsAsIfThereWereNone()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        Of(joined, Line(10, "Entered"));
        joined.Save();
        File.WriteAllText(folder.Join("joined"), File.ReadAllText(folder.Join("joined"))[..^5]);

        var restarted = New();
        restarted.Load();

        Assert.Equal(0, restarted.Count);
    }

    [Fact]
    public void AForkBombDoesNotFillTheMemory()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        Of(joined, Line(10, "Entered"));
        for (var pid = 11; pid < JoinedProcesses.Most + 1000; pid++)
        {
            Of(joined, Line(pid, null, pid - 1));
        }

        Assert.Equal(JoinedProcesses.Most, joined.Count);
        Assert.NotNull(Of(joined, Line(99_999, null, JoinedProcesses.Most + 999)));
    }

    JoinedProcesses New() => new(new(handed, isExpected: true, time), folder.Join("joined"), () => { });

    string Line(int pid, string? entry, params int[] parents) => SomeExec.Line(time.GetUtcNow(), pid, entry, parents);

    void Hand(params Contract.Execs.ExecEvent[] execs) =>
        Assert.NotNull(handed.Take(SomeExec.Handover(time.GetUtcNow(), time.GetUtcNow().AddSeconds(10), execs), out _));

    static JsonNode? Of(JoinedProcesses processes, string line)
    {
        Assert.True(ProcessEvent.TryParse(Encoding.UTF8.GetBytes(line), new JsonIndex(), out var process, out _));
        return processes.Of(process) is { } members
            ? JsonNode.Parse($"{{{Encoding.UTF8.GetString(members.Envelope)}{Encoding.UTF8.GetString(members.Event)[1..]}}}")
            : null;
    }
}

using ClusterTrail.Agent.Execs;
using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Tests.Execs;

public class ExecMatcherTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    readonly ExecMatcher matcher = new();

    [Fact]
    public void TheOnlyRequestForTheCommandStartedIt() =>
        Assert.Equal(["alice"], Match(0.5, [At(0, "alice", "sh"), At(0, "bob", "bash")], "sh"));

    [Theory]
    [InlineData(-6)]
    [InlineData(36)]
    public void ARequestOfAnotherTimeDidNot(double seconds) => Assert.Empty(Match(seconds, [At(0, "alice", "sh")], "sh"));

    [Fact]
    public void ARequestForAnotherPodContainerOrCommandDidNot()
    {
        var request = At(0, "alice", "sh");

        Assert.Empty(Match(
            0,
            [
                request with { Pod = "cart-1" }, request with { Namespace = "other" }, request with { Container = "sidecar" },
                request with { PodUID = "00000000-0000-4000-8000-000000000000" }, request with { Command = ["sh", "-c", "id"] },
            ],
            "sh"));
    }

    [Fact]
    public void OfTwoThatCouldHaveBothAreNamed() =>
        Assert.Equal(["alice", "bob"], Match(1, [At(0, "alice", "sh"), At(2, "bob", "sh")], "sh"));

    [Fact]
    public void ARequestExplainsOneProcess()
    {
        ExecEvent[] known = [At(0, "alice", "sh")];

        Assert.Equal(["alice"], Match(0.1, known, "sh"));
        var second = matcher.Match(SomeExec.Process(Noon.AddSeconds(0.2), "sh"), known);

        Assert.Empty(second.Named);
        Assert.Equal("alice", Assert.Single(second.Taken).UserIdentity.UserName);
    }

    [Fact]
    public void TwoRequestsExplainTwoProcessesAndNotThree()
    {
        ExecEvent[] known = [At(0, "alice", "sh"), At(1, "bob", "sh")];

        Assert.Equal(["alice", "bob"], Match(1.1, known, "sh"));
        Assert.Equal(["alice", "bob"], Match(1.2, known, "sh"));
        Assert.Empty(Match(1.3, known, "sh"));
    }

    [Fact]
    public void WhoseRequestIsTakenForCertainIsNotNamedAgain()
    {
        var first = At(0, "alice", "sh");
        Assert.Equal(["alice"], Match(0.1, [first], "sh"));

        Assert.Equal(["bob"], Match(10.1, [first, At(10, "bob", "sh")], "sh"));
    }

    [Fact]
    public void AScriptIsItsCommand()
    {
        var line = SomeExec.Line(Noon, 1, "Entered", arguments: ["/bin/bash", "-e", "/opt/run.sh", "now"])
            .Replace("\"executable\":\"/bin/sh\"", "\"executable\":\"/opt/run.sh\"", StringComparison.Ordinal);
        var process = EnteredProcess.Read(System.Text.Encoding.UTF8.GetBytes(line))!;

        Assert.Single(matcher.Match(process, [At(0, "alice", "run.sh", "now")]).Named);
        Assert.Empty(matcher.Match(process, [At(0, "alice", "run.sh", "later")]).Named);
    }

    [Fact]
    public void WhatWasCutIsComparedAsFarAsItIsThere()
    {
        var cut = At(0, "alice", "sh", "-c", "aaaa") with { IsCommandCut = true };

        Assert.Equal(["alice"], Match(0, [cut], "sh", "-c", "aaaabbbb", "more"));
        Assert.Empty(Match(0, [cut], "sh", "-c", "aaab"));
    }

    /// <summary>Whoever executes what, when and where: nobody is named alone who did not.</summary>
    [Fact]
    public void NobodyElseIsEverNamed()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var requests = new List<ExecEvent>();
            var processes = new List<(EnteredProcess Process, string User)>();
            var clock = 0.0;
            for (var at = 0; at < 12; at++)
            {
                clock += random.NextDouble() * (random.Next(2) == 0 ? 2 : 30);
                var command = random.Next(3) == 0 ? "bash" : "sh";
                var request = At(clock, $"user-{at}", command) with { Pod = $"cart-{random.Next(2)}" };
                requests.Add(request);
                // Some never start, for the command is not there; clocks differ by up to four seconds.
                if (random.Next(5) > 0)
                {
                    var started = clock + (random.NextDouble() * 25) + ((random.NextDouble() * 8) - 4);
                    var process = SomeExec.Process(Noon.AddSeconds(started), command) with { Pod = request.Pod };
                    processes.Add((process, request.UserIdentity.UserName));
                }
            }

            var one = new ExecMatcher();
            foreach (var (started, user) in processes.OrderBy(each => each.Process.Time))
            {
                var named = one.Match(started, [.. requests.OrderBy(_ => random.Next())]).Named.Select(each => each.UserIdentity.UserName);
                Assert.True(named.Contains(user), $"seed {seed}: {user} is not among {string.Join(", ", named)}");
            }
        }
    }

    static ExecEvent At(double seconds, string user, params string[] command) => SomeExec.Event(Noon.AddSeconds(seconds), user, command);

    IEnumerable<string> Match(double seconds, ExecEvent[] known, params string[] arguments) =>
        matcher.Match(SomeExec.Process(Noon.AddSeconds(seconds), arguments), known).Named.Select(one => one.UserIdentity.UserName);
}

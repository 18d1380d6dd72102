using ClusterTrail.Contract.Execs;
using ClusterTrail.Operator.Execs;
using ClusterTrail.Testing;

namespace ClusterTrail.Operator.Tests.Execs;

public class TrailExecsTests
{
    readonly ManualTime time = new();
    readonly TrailExecs execs = new();
    readonly Giver giver;
    long number;

    public TrailExecsTests() => execs.Givers[new("agents", "api")] = giver = new() { Through = Now };

    DateTimeOffset Now => time.GetUtcNow();

    [Fact]
    public void WhatIsRememberedIsBounded()
    {
        for (var report = 0; report < 10; report++)
            Add([.. Enumerable.Range(0, ExecReport.Most).Select(_ => Exec(Now))]);

        Assert.Equal((TrailExecs.Most, TrailExecs.Most), (execs.Waiting.Count, execs.Known));
        Assert.Equal((10 * ExecReport.Most) - TrailExecs.Most, execs.TakeDropped());
    }

    [Fact]
    public void WhatIsDroppedLaterAndOfBeforeMakesNothingCompleteSooner()
    {
        Add(Exec(Now) with { Pod = "" });
        Add(Exec(Now.AddMinutes(-4)) with { Pod = "" });
        giver.Through = Now.AddMinutes(4);

        Assert.Null(Through());
        giver.Through = Now.AddMinutes(6);
        Assert.NotNull(Through());
    }

    [Fact]
    public void AnEventOfTheFutureIsDroppedAndStopsNothing()
    {
        Add(Exec(Now.AddSeconds(61)), Exec(DateTimeOffset.MaxValue), Exec(Now));

        Assert.Single(execs.Waiting);
        Assert.Equal(2, execs.TakeDropped());
        Assert.Null(Through());
        giver.Through = Now.AddMinutes(6);
        execs.Locate(execs.Waiting.Single(), null);
        Assert.Single(execs.Next(new(), "worker-1"));
    }

    DateTimeOffset? Through() => execs.Through(new(), "worker-1", [], null).Through;

    void Add(params ExecEvent[] events) => execs.Add(
        giver, new() { Trail = "main", Node = "cp-1", Instance = "i", Last = number, Execs = events }, Now);

    ExecEvent Exec(DateTimeOffset at) => new()
    {
        Number = ++number,
        EventID = $"e-{number}",
        AuditID = "a",
        UserIdentity = new() { Type = "User", UserName = "alice" },
        Namespace = "shop",
        Pod = "cart-0",
        Command = ["sh"],
        Time = at,
    };
}

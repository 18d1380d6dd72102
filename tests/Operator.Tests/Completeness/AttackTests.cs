using System.Text;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Tests.Completeness;

/// <summary>Each of these shows a fault: it fails until that is mended.</summary>
public sealed class AttackTests
{
    static readonly Dictionary<string, string> Nodes = new() { ["10.0.0.1"] = "cp-1", ["10.0.0.2"] = "cp-2", ["10.0.0.3"] = "cp-3" };

    static readonly CountPairs Beside = new(Nodes.GetValueOrDefault, isBeside: true, mostLag: TimeSpan.FromSeconds(1));

    // --- False alarms.

    /// <summary>Nothing is lost. A busy hour after a quiet night; in three of ten rounds the agent's own look is 4 s old (slow fsync, CPU limit).</summary>
    [Fact]
    public void FA1_ACountThatIsOlderThanTheServersFirstAnswerIsNoLoss()
    {
        var counts = new TrailCounts([], Some.Noon);
        for (var round = 0; round < 20; round++)
            TakeAll(counts, Beside.Compare([Made("10.0.0.1", 500, 500)], Of(Agent("cp-1", 500)), At(round - 30)).Rounds);

        for (var round = 0; round < 10; round++)
        {
            // 1,000 events a second; "before" is at t, the agent is asked at t + 2 and answers at once.
            var t = round * 30;
            var age = round % 3 == 2 ? 4.0 : 0.1;
            var read = Events(t + 2 - age);
            TakeAll(
                counts, Beside.Compare([Made("10.0.0.1", Events(t), Events(t + 2.2))], Of(Agent("cp-1", read, age: age)), At(round)).Rounds);
        }

        Assert.Equal(0, counts.At(At(10)).Single().MissingAtLeast);

        static long Events(double seconds) => 500 + (long)(1000 * Math.Max(0, seconds));
    }

    /// <summary>The sink is away, the spool is full, the agent restarts (a node reboot, a new version): it has read no event since, so LagSeconds is 0.</summary>
    [Fact]
    public void FA2_AnAgentThatRestartedWhileItsSpoolWasFullIsBehindAndLostNothing()
    {
        var (rounds, problem) = Beside.Compare(
            [Made("10.0.0.1", 900_000, 900_010)],
            Of(Agent("cp-1", 100_000, change: source => source with
            {
                State = SourceState.Blocked, LagBytes = 800_000_000, LagSeconds = 0, LastEventAt = null, ReadEvents = 0,
            })), Some.Noon);

        Assert.Empty(rounds);
        Assert.NotNull(problem);
    }

    /// <summary>The same over time: a page at night, "AnotherLog … may be an attack", for a day.</summary>
    [Fact]
    public void FA2b_WhatABlockedAgentWillStillReadIsNotMissing()
    {
        var counts = new TrailCounts([], Some.Noon);
        for (var round = 0; round < 20; round++)
            TakeAll(counts, Beside.Compare([Made("10.0.0.1", 500, 500)], Of(Agent("cp-1", 500)), At(round - 30)).Rounds);
        for (var round = 0; round < 4; round++)
        {
            TakeAll(counts, Beside.Compare(
                [Made("10.0.0.1", 1000 + round, 1000 + round)],
                Of(Agent("cp-1", 500, change: source => source with
                {
                    State = SourceState.Blocked, LagBytes = 500_000, LagSeconds = 0, LastEventAt = null, ReadEvents = 0,
                })), At(round)).Rounds);
        }

        // The sink is back, all is read.
        for (var round = 5; round < 30; round++)
            TakeAll(counts, Beside.Compare([Made("10.0.0.1", 2000, 2000)], Of(Agent("cp-1", 2000)), At(round)).Rounds);

        Assert.Equal(0, counts.At(At(30)).Single().MissingAtLeast);
    }

    [Theory]
    [InlineData(SourceState.Failed)]
    [InlineData(SourceState.Stopped)]
    [InlineData(SourceState.Blocked)]
    [InlineData(SourceState.Starting)]
    public void FA3_AnAgentThatSaysItDoesNotReadIsNotCompared(SourceState state) => Assert.Empty(Beside.Compare(
        [Made("10.0.0.1", 1000, 1000)],
        Of(Agent("cp-1", 10, change: source => source with { State = state, Message = "Permission denied." })), Some.Noon).Rounds);

    /// <summary>Sums: one API server's address is no node's InternalIP. The pod of cp-3 is denied by an admission webhook for two minutes.</summary>
    [Fact]
    public void FA4_AnAgentWhosePodIsGoneMakesNoSumTooSmall()
    {
        var counts = new TrailCounts([], Some.Noon);
        var minute = 0;
        for (; minute < 20; minute++)
            Sum(counts, minute, Agent("cp-1", 100), Agent("cp-2", 100), Agent("cp-3", 100));
        for (; minute < 26; minute++)
            Sum(counts, minute, Agent("cp-1", 100 + (minute * 10)), Agent("cp-2", 100 + (minute * 10)));
        // It is back, and has read on where it stood.
        for (; minute < 40; minute++)
            Sum(counts, minute, Agent("cp-1", 100 + (minute * 10)), Agent("cp-2", 100 + (minute * 10)), Agent("cp-3", 100 + (minute * 10)));

        Assert.All(counts.At(At(minute)), count => Assert.Equal(0, count.MissingAtLeast + count.EarlierMissing));

        static void Sum(TrailCounts counts, int minute, params (string, AgentStatus?)[] agents)
        {
            var made = minute < 20 ? 100 : 100 + (minute * 10);
            TakeAll(counts, Beside.Compare(
                [Made("10.0.0.1", made, made), Made("10.0.0.2", made, made), Made("192.0.2.3", made, made)], Of(agents), At(minute)).Rounds);
        }
    }

    /// <summary>"A loss is told for a day and no longer, … after a restart of the operator": its node is gone, and the operator restarts daily.</summary>
    [Fact]
    public void FA5_ALossOfANodeThatIsGoneIsToldForADayHoweverOftenTheOperatorRestarts()
    {
        var counts = new TrailCounts([], Some.Noon);
        Lose(counts, "cp-1");
        var hour = 0;
        for (; hour < 24 * 7; hour += 20)
            counts = new TrailCounts([.. counts.At(At(hour * 60)).Select(count => count with { LastAt = null })], At(hour * 60));

        Assert.Empty(counts.At(At(hour * 60)));
    }

    /// <summary>The only count is over, so the status keeps the former one, and with it the gauge missing_events.</summary>
    [Fact]
    public void FA6_AStatusDoesNotKeepALossThatIsOver()
    {
        var trail = Some.Trail();
        var lossy = new TrailCompleteness
        {
            Name = "cp-1", Server = "s", Agent = "a", Since = Some.Noon, MissingAtLeast = 7, MissingAtMost = 7, FoundAt = Some.Noon.AddDays(-9),
        };
        var view = Some.View() with
        {
            Trail = trail with { Status = new() { Completeness = [lossy] } },
            Completeness = new([], "the agent on cp-1 does not answer.") { ProblemSince = Some.Noon.AddDays(-9) },
        };

        Assert.DoesNotContain(TrailStatusBuilder.Build(view).Completeness ?? [], count => count.MissingAtLeast > 0);
    }

    // --- Losses that are not found.

    /// <summary>A weekend with a full spool: files were rotated away. On Monday "every event that API servers made was read".</summary>
    [Fact]
    public void ML1_WhatWasLostInMoreThanADayWithoutAComparisonIsFound()
    {
        var counts = new TrailCounts([], Some.Noon);
        for (var minute = -20; minute <= 0; minute++)
            counts.Take("cp-1", Round(100, 100, minute));
        // The keeper asks at each look, also when nothing was compared.
        for (var hour = 1; hour <= 60; hour++)
            counts.At(At(hour * 60));

        for (var minute = 3600; minute < 3620; minute++)
            counts.Take("cp-1", Round(9_000_100, 1_000_100, minute));

        Assert.Equal(8_000_000, counts.At(At(3620)).Single().MissingAtLeast);
    }

    /// <summary>An endpoint without a Node for one look (a control plane that grows): the counts of all others are thrown away.</summary>
    [Fact]
    public void ML2_OneLookAtSumsForgetsNoCount()
    {
        var counts = new TrailCounts([], Some.Noon);
        for (var minute = 0; minute < 20; minute++)
            counts.Take("cp-1", Round(100, 100, minute));
        counts.Take(CompletenessView.All, Round(1000, 1000, 20));
        for (var minute = 21; minute < 40; minute++)
            counts.Take("cp-1", Round(200, 150, minute));

        Assert.Equal(50, counts.At(At(40)).Single(count => count.Name == "cp-1").MissingAtLeast);
    }

    /// <summary>Who can write to the log adds lines first and deletes as many later: Unknown for a day, then True.</summary>
    [Fact]
    public void ML3_LinesThatWereAddedDoNotPayForThoseThatAreDeleted()
    {
        var tracker = new CountTracker("cp-1", null);
        for (var minute = -20; minute <= 0; minute++)
            tracker.Take(Round(1000, 1000, minute));
        for (var minute = 1; minute <= 12; minute++)
            tracker.Take(Round(1000, 1500, minute));
        // 500 events were made, and none of them was read.
        for (var minute = 13; minute <= 30; minute++)
            tracker.Take(Round(1500, 1500, minute));

        Assert.Equal(500, tracker.View!.MissingAtLeast);
    }

    /// <summary>The status says when the count begins anew: what was lost a minute before is not proven by then.</summary>
    [Fact]
    public void ML4_ALossJustBeforeTheDayIsOverIsFound()
    {
        var tracker = new CountTracker("cp-1", null);
        tracker.Take(Round(100, 100, 0));
        for (var minute = 1; minute <= 3; minute++)
            tracker.Take(Round(207, 200, minute));
        const int Day = 60 * 24;
        for (var minute = Day - 20; minute <= Day; minute++)
            tracker.Take(Round(300, 293, minute));
        // Found at minute 3: over at Day + 3. At Day + 2 one more look shows a loss of 900.
        for (var minute = Day + 2; minute < Day + 30; minute++)
            tracker.Take(Round(1300, 393, minute));

        Assert.Equal(900, tracker.View!.MissingAtLeast + tracker.View.EarlierMissing);
    }

    /// <summary>All but three lines of the log are deleted, then kube-apiserver is restarted. By then 900 events that were counted are not read.</summary>
    [Fact]
    public void ML5_WhatWasCountedBeforeARestartAndIsNeverReadIsFound()
    {
        var tracker = new CountTracker("cp-1", null);
        for (var minute = -20; minute <= 0; minute++)
            tracker.Take(Round(1000, 1000, minute));
        // One look sees 1,900 made and 1,000 read, twice; two looks are not believed. Then another process counts from 0.
        tracker.Take(Round(1900, 1000, 1));
        tracker.Take(Round(1900, 1000, 2));
        for (var minute = 3; minute < 30; minute++)
            tracker.Take(Round(100, 1100, minute, server: "another"));

        // 1,900 + 100 were made, 1,100 were read.
        Assert.Equal(900, tracker.View!.MissingAtLeast + tracker.View.EarlierMissing);
    }

    // --- What people read.

    /// <summary>Errors of long ago name the cause of a loss that nothing explains: an attack is told as a full buffer.</summary>
    [Fact]
    public void MS1_AfterARestartOfTheOperatorOldErrorsAreNoReason()
    {
        var old = new LossCauses(NotLogged: 0, NotSent: 5, Gaps: 0);
        var before = new CountTracker("cp-1", null);
        for (var minute = 0; minute < 20; minute++)
            before.Take(Round(100, 100, minute, causes: old));

        var after = new CountTracker("cp-1", before.View);
        for (var minute = 20; minute < 30; minute++)
            after.Take(Round(200, 150, minute, causes: old));

        Assert.Equal((50, CompletenessReasons.AnotherLog), (after.View!.MissingAtLeast, after.View.Reason));
    }

    /// <summary>A second gap after the agent restarted: the counter is 1 again.</summary>
    [Fact]
    public void MS2_AGapAfterARestartOfTheAgentIsTheReason()
    {
        var tracker = new CountTracker("cp-1", null);
        for (var minute = 0; minute < 20; minute++)
            tracker.Take(Round(100, 100, minute));
        for (var minute = 20; minute < 30; minute++)
            tracker.Take(Round(200, 190, minute, causes: new(0, 0, Gaps: 1)));
        // It restarted, counts on, and has found nothing yet.
        for (var minute = 30; minute < 40; minute++)
            tracker.Take(Round(200, 190, minute));
        for (var minute = 40; minute < 50; minute++)
            tracker.Take(Round(300, 240, minute, causes: new(0, 0, Gaps: 1)));

        Assert.Equal((60, CompletenessReasons.RotatedAway), (tracker.View!.MissingAtLeast, tracker.View.Reason));
    }

    [Fact]
    public void MS3_TheConditionNamesEachNodeThatLost()
    {
        var count = new TrailCompleteness
        {
            Name = "cp-1", Server = "s", Agent = "a", Since = Some.Noon, MissingAtLeast = 1, MissingAtMost = 1, FoundAt = Some.Noon.AddHours(-23),
            Reason = CompletenessReasons.RotatedAway,
        };
        var view = Some.View() with
        {
            Completeness = new([count, count with { Name = "cp-3", MissingAtLeast = 90_000, Reason = CompletenessReasons.AnotherLog, FoundAt = Some.Noon }]),
        };

        Assert.Contains("cp-3", CompleteCondition.Evaluate(view).Single().Message, StringComparison.Ordinal);
    }

    /// <summary>API servers have just restarted: one round proves nothing of before, and the condition says "every event".</summary>
    [Fact]
    public void MS4_TheConditionSaysSinceWhen()
    {
        var view = Some.View() with
        {
            Completeness = new([new() { Name = "cp-1", Server = "s", Agent = "a", Since = Some.Noon }]),
        };

        Assert.Contains("2026-11-22T12:00:00Z", CompleteCondition.Evaluate(view).Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MS5_NodesWithoutAnAgentAreSaidToHaveNone()
    {
        var (_, problem) = Beside.Compare([Made("10.0.0.1", 1, 1)], Of(), Some.Noon);

        Assert.Equal("there is no agent on cp-1.", problem);
    }

    // --- Hostile pages.

    [Fact]
    public async Task HP1_AHostilePageDoesNotOverflow()
    {
        var page = new StringBuilder("apiserver_audit_event_total 5\nprocess_start_time_seconds 1\n");
        for (var at = 0; at < 1100; at++)
            page.Append("apiserver_audit_error_total{plugin=\"x").Append(at).Append("\"} 9007199254740991\n");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(page.ToString()));
        ServerCounters? counters = null;
        try
        {
            counters = await ServerCounters.ReadAsync(stream, TestContext.Current.CancellationToken);
        }
        catch (InvalidDataException)
        {
            return;
        }

        Assert.True(counters.NotSent >= 0, $"{counters.NotSent}");
    }

    // --- What held (these pass).

    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    public void Held_ASmallSteadyLossIsFoundWithinAnHour(int rate)
    {
        var tracker = new CountTracker("cp-1", null);
        for (var round = 0; round < 20; round++)
            tracker.Take(new("s", "a", 0, 0, 0, default, Some.Noon.AddSeconds((round - 20) * 30)));
        for (var round = 1; round < 120; round++)
        {
            var made = round * 30L * rate;
            var later = made + (2 * rate);
            tracker.Take(new("s", "a", made, later - (later / 1000), later + 10, default, Some.Noon.AddSeconds(round * 30)));
        }

        Assert.True(tracker.View!.MissingAtLeast > 0);
    }

    [Fact]
    public void Held_TwoLossesWithinADayAreBothTold()
    {
        var tracker = new CountTracker("cp-1", null);
        tracker.Take(Round(100, 100, 0));
        for (var minute = 1; minute <= 30; minute++)
            tracker.Take(Round(207, 200, minute));
        for (var minute = 600; minute <= 630; minute++)
            tracker.Take(Round(300, 280, minute));

        Assert.Equal(20, tracker.View!.MissingAtLeast);
    }

    static void Lose(TrailCounts counts, string name)
    {
        counts.Take(name, Round(100, 100, minute: 0));
        for (var minute = 1; minute <= 3; minute++)
            counts.Take(name, Round(207, 200, minute));
    }

    static void TakeAll(TrailCounts counts, IEnumerable<(string Name, CountRound Round)> rounds)
    {
        foreach (var (name, round) in rounds)
            counts.Take(name, round);
    }

    static Dictionary<string, AgentStatus?> Of(params (string Node, AgentStatus? Status)[] agents) =>
        agents.ToDictionary(agent => agent.Node, agent => agent.Status);

    static DateTimeOffset At(int minute) => Some.Noon.AddMinutes(minute);

    static CountRound Round(long made, long read, int minute, LossCauses causes = default, string server = "s") =>
        new(server, "a", made, read, made, causes, At(minute));

    static ServerCounts Made(string host, long before, long after) =>
        new(new(host, 6443), new(new(1, before, 0, 0, 0), null), new(new(1, after, 0, 0, 0), null));

    static (string Node, AgentStatus? Status) Agent(string node, long lines, double age = 0.2, Func<SourceStatus, SourceStatus>? change = null)
    {
        var status = Some.Status();
        var source = status.Sources[0] with { Counted = new() { Lines = lines, Since = Some.Noon, AgeSeconds = age } };
        return (node, status with { Agent = status.Agent with { NodeName = node }, Sources = [change?.Invoke(source) ?? source] });
    }
}

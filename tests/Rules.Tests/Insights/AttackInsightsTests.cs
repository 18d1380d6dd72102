using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>Attacks on insights; each fails while the fault is there.</summary>
public sealed class AttackInsightsTests
{
    const int Day = 24 * 60;

    readonly InsightDetector detector = new(seed: 1);
    readonly JsonIndex index = new();
    DateTimeOffset now = new(2026, 2, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ATTACK_EverySecondMinuteAThousandfoldIsUnusual()
    {
        var rates = Rates.AfterAWeekOf(1);
        var found = new List<RateInsight>();
        for (var at = 0; at < 60; at++)
        {
            found.AddRange(rates.Pass(1, 5_000));
            found.AddRange(rates.Pass(1, 0));
        }

        Assert.NotEmpty(found);
    }

    [Fact]
    public void ATTACK_ASingleMinuteOfAHundredThousandIsUnusual() => Assert.NotEmpty(Rates.AfterAWeekOf(1).Pass(1, 100_000));

    [Fact]
    public void ATTACK_AQuietUserCannotWidenItsOwnSpread()
    {
        var rates = Rates.AfterAWeekOf(0);
        for (var at = 0; at < 240; at++)
        {
            Assert.Empty(rates.Pass(1, 9));
            Assert.Empty(rates.Pass(1, 0));
        }

        // Without these minutes 30 a minute are unusual.
        Assert.NotEmpty(rates.Pass(10, 90));
    }

    [Fact]
    public void ATTACK_AClusterThatIsOffAtNightKnowsDays()
    {
        var rates = new Rates();
        for (var day = 0; day < 28; day++)
        {
            Assert.Empty(rates.Pass(16 * 60, 20));
            rates.Now = rates.Now.Plus(8 * 60);
        }

        Assert.Empty(rates.Pass(8 * 60, 20));
        Assert.NotEmpty(rates.Pass(5, 200));
    }

    [Fact]
    public void ATTACK_AClockThatJumpedAheadAndBackDoesNotEndFirstSeen()
    {
        Learn("alice");
        var real = now;
        now = real.AddYears(2);
        TakeMany("alice");
        now = real;
        TakeMany("alice");
        detector.FirstSeen.Found.Clear();

        // Days later everything of a new user is still taken as learnt.
        now = real.AddDays(1);
        TakeMany("bob");
        now = real.AddDays(20);
        TakeMany("bob");
        detector.FirstSeen.Found.Clear();
        Take("bob", address: "203.0.113.9");

        Assert.NotEmpty(detector.FirstSeen.Found);
    }

    [Fact]
    public void ATTACK_OneEventOfAWrongTimeAtTheStartDoesNotSkipTheWeekOfLearning()
    {
        var real = now;
        now = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Take("alice");
        now = real;
        TakeMany("alice");
        now = real.AddDays(1);
        TakeMany("alice");

        Take("alice", agent: "curl/8");

        Assert.Empty(detector.FirstSeen.Found);
    }

    [Fact]
    public void ATTACK_ARefusedReadIsNotAReadOfSecrets()
    {
        Learn("alice");
        Take("alice", resource: "secrets", code: 403);

        Assert.DoesNotContain(detector.FirstSeen.Found, one => one.Kind == FirstSeenKind.SecretReader);
    }

    [Fact]
    public void ATTACK_ARefusedReadDoesNotHideTheFirstThatSucceeds()
    {
        // In the week of learning, a reader that was always refused.
        Take("alice", resource: "secrets", code: 403);
        Learn("alice");
        Take("alice", resource: "secrets", code: 200);

        Assert.Contains(detector.FirstSeen.Found, one => one.Kind == FirstSeenKind.SecretReader);
    }

    [Fact]
    public void ATTACK_OneUserDoesNotSpendTheReportsOfAllOthers()
    {
        Learn("alice");
        Learn("mallory");
        for (var at = 0; at < 100; at++)
            Take("mallory", agent: $"agent-{at}/1");
        detector.FirstSeen.Found.Clear();

        Take("alice", agent: "curl/8");

        Assert.NotEmpty(detector.FirstSeen.Found);
    }

    [Fact]
    public void ATTACK_AFloodOfUserAgentsDoesNotMakeAKnownUserNew()
    {
        Learn("alice");
        Learn("mallory");
        now = now.AddDays(1);
        for (var at = 0; at < SeenSet.MaxCount + 1000; at++)
            Take("mallory", agent: $"agent-{at}/1");
        now = now.AddDays(1);
        TakeMany("mallory");
        detector.FirstSeen.Found.Clear();

        // Somebody has stolen the credentials of alice.
        Take("alice", address: "203.0.113.9", agent: "curl/8");

        Assert.NotEmpty(detector.FirstSeen.Found);
    }

    [Fact]
    public void ATTACK_AFewThousandMadeUpKindsDoNotHideABurstOfSecretReads()
    {
        // Three weeks in which secrets are read now and then.
        for (var minute = 0; minute < 21 * Day; minute++)
        {
            Take("alice");
            if (minute % 480 == 0)
                Take("alice", resource: "secrets", verb: "list");
            now = now.AddMinutes(1);
        }

        // A day of six requests a minute for what does not exist, all refused.
        for (var minute = 0; minute < Day; minute++)
        {
            Take("alice");
            for (var at = 0; at < 6; at++)
                Take("mallory", resource: $"r{minute}-{at}", code: 404);
            now = now.AddMinutes(1);
        }

        detector.Found.Clear();
        for (var minute = 0; minute < 9; minute++)
        {
            Take("alice");
            for (var at = 0; at < 500; at++)
                Take($"eve-{at % 20}", resource: "secrets", verb: "list");
            now = now.AddMinutes(1);
        }

        Assert.NotEmpty(detector.Found);
    }

    [Fact]
    public void ATTACK_AnInsightDoesNotRepeatAUserAgentOfAMegabyte()
    {
        Learn("alice");
        Take("alice", agent: new('a', 1 << 20));

        Assert.InRange(Assert.Single(detector.FirstSeen.Found).What.Length, 1, 1024);
    }

    [Fact]
    public void ATTACK_ASecondApiServerWhoseClockIsElevenMinutesBehindIsWatchedToo()
    {
        for (var minute = 0; minute < 9 * Day; minute++)
        {
            Take("alice");
            TakeAt(-11, "bob");
            now = now.AddMinutes(1);
        }

        for (var minute = 0; minute < 15; minute++)
        {
            for (var at = 0; at < 60; at++)
            {
                Take("alice");
                TakeAt(-11, "bob", resource: "secrets", verb: "list");
                TakeAt(-11, "bob", resource: "secrets", verb: "list");
            }

            now = now.AddMinutes(1);
        }

        Assert.Contains(detector.Found, one => one.Subject.User == "bob" || one.Subject.Resource == "secrets");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    public void ObjectsOfTwoApiServersThatComeOneAfterTheOtherAreWatched(int minutesOfObject)
    {
        void Object(string user, int calls)
        {
            for (var minute = 0; minute < minutesOfObject; minute++)
            {
                for (var at = 0; at < calls; at++)
                    TakeAt(minute, user);
            }
        }

        for (var passed = 0; passed < 9 * Day; passed += minutesOfObject)
        {
            Object("alice", 5);
            Object("bob", 5);
            now = now.AddMinutes(minutesOfObject);
        }

        Assert.Empty(detector.Found);
        for (var passed = 0; passed < 60; passed += minutesOfObject)
        {
            Object("alice", 100);
            Object("bob", 100);
            now = now.AddMinutes(minutesOfObject);
        }

        Assert.NotEmpty(detector.Found);
    }

    [Fact]
    public void WithoutTheMadeUpKindsTheBurstIsFound()
    {
        for (var minute = 0; minute < 22 * Day; minute++)
        {
            Take("alice");
            if (minute % 480 == 0)
                Take("alice", resource: "secrets", verb: "list");
            now = now.AddMinutes(1);
        }

        detector.Found.Clear();
        for (var minute = 0; minute < 9; minute++)
        {
            Take("alice");
            for (var at = 0; at < 500; at++)
                Take($"eve-{at % 20}", resource: "secrets", verb: "list");
            now = now.AddMinutes(1);
        }

        Assert.NotEmpty(detector.Found);
    }

    void Learn(string user)
    {
        TakeMany(user);
        now = now.AddDays(9);
        TakeMany(user);
    }

    void TakeMany(string user)
    {
        for (var at = 0; at < MinuteClock.StraysInARow; at++)
            Take(user);
    }

    void TakeAt(int minutes, string user, string verb = "get", string resource = "pods")
    {
        var real = now;
        now = now.AddMinutes(minutes);
        Take(user, verb, resource);
        now = real;
    }

    void Take(
        string user, string verb = "get", string resource = "pods", string address = "10.0.0.5", string agent = "kubectl/v1.33.0", int code = 200)
    {
        var line = Encoding.UTF8.GetBytes($$"""
            {"level":"Metadata","stage":"ResponseComplete","verb":"{{verb}}","user":{"username":"{{user}}"},"sourceIPs":["{{address}}"],
            "userAgent":"{{agent}}","objectRef":{"resource":"{{resource}}","namespace":"shop"},"responseStatus":{"code":{{code}}},
            "stageTimestamp":"{{now:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"}
            """);
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        detector.Take(audit);
    }
}

using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>What is reported of users the first time.</summary>
public sealed partial class FirstSeenTests
{
    const string Robot = "system:serviceaccount:shop:cart";

    readonly InsightDetector detector = new(seed: 1);
    readonly JsonIndex index = new();
    DateTimeOffset now = new(2026, 2, 2, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void NothingIsReportedInTheFirstWeek()
    {
        TakeMany("alice");
        now = now.AddDays(2);
        TakeMany("alice");

        Take("alice", address: "203.0.113.9");

        Assert.Empty(detector.FirstSeen.Found);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    public void AUserFromANewNetworkIsReportedOnce(string address, string network)
    {
        Learn("alice");

        Take("alice", address: address);
        Take("alice", address: address);

        Assert.Equal((FirstSeenKind.Network, "alice", network), Only());
    }

    [Theory]
    [InlineData("10.0.0.77", "kubectl/v1.34.0 (linux/amd64)")]
    [InlineData("::ffff:10.0.0.3", "kubectl/v1.36.1 (darwin/arm64)")]
    public void TheSameNetworkAndFamilyAreNotNew(string address, string agent)
    {
        Learn("alice");

        Take("alice", address: address, agent: agent);

        Assert.Empty(detector.FirstSeen.Found);
    }

    [Fact]
    public void AUserWithANewKindOfUserAgentIsReported()
    {
        Learn("alice");

        Take("alice", agent: "curl/8.5.0");

        Assert.Equal((FirstSeenKind.UserAgent, "alice", "curl"), Only());
    }

    [Fact]
    public void AUserAgentOfAMegabyteIsCut()
    {
        Learn("alice");

        Take("alice", agent: new('a', 1 << 20));

        Assert.Equal($"{new string('a', 512)}…", Only().What);
    }

    [Fact]
    public void AServiceAccountThatDoesSomethingNewIsReportedAndAPersonIsNot()
    {
        Learn("alice");
        Learn(Robot);

        Take("alice", verb: "delete");
        Take(Robot, verb: "delete");

        Assert.Equal((FirstSeenKind.ServiceAccountVerb, Robot, "delete pods"), Only());
    }

    [Fact]
    public void OfANewUserOnlyItsReadingOfSecretsIsReported()
    {
        Learn("alice");

        Take("mallory");
        Take("mallory", resource: "secrets");
        Take("mallory", resource: "secrets", verb: "list");

        Assert.Equal((FirstSeenKind.SecretReader, "mallory", "get secrets"), Only());
    }

    [Fact]
    public void OneThatIsRefusedSecretsIsNotAReaderUntilItReadsThem()
    {
        Take("alice", resource: "secrets", code: 403);
        Learn("alice");
        Take("alice", resource: "secrets", code: 403);
        Assert.Empty(detector.FirstSeen.Found);

        Take("alice", resource: "secrets");

        Assert.Equal((FirstSeenKind.SecretReader, "alice", "get secrets"), Only());
    }

    [Fact]
    public void AfterNinetyDaysItIsNewAgain()
    {
        Learn("alice");
        Take("alice", agent: "curl/8.5.0");
        detector.FirstSeen.Found.Clear();

        for (var days = 0; days < 91; days += 7)
        {
            now = now.AddDays(7);
            TakeMany("alice");
        }

        Take("alice", agent: "curl/8.5.0");

        Assert.Equal((FirstSeenKind.UserAgent, "alice", "curl"), Only());
    }

    [Fact]
    public void NoMoreThanAHundredAreReportedADay()
    {
        for (var user = 0; user < 15; user++)
            TakeMany($"user-{user}");
        now = now.AddDays(9);
        TakeMany("user-0");

        for (var at = 0; at < 150; at++)
            Take($"user-{at % 15}", agent: $"agent-{at}/1");

        Assert.Equal((100, 50), (detector.FirstSeen.Found.Count, detector.FirstSeen.Withheld));
    }

    [Fact]
    public void OneUserDoesNotSpendTheReportsOfAllOthers()
    {
        TakeMany("mallory");
        Learn("alice");
        for (var at = 0; at < 100; at++)
            Take("mallory", agent: $"agent-{at}/1");
        Assert.Equal((10, 90), (detector.FirstSeen.Found.Count, detector.FirstSeen.Withheld));
        detector.FirstSeen.Found.Clear();

        Take("mallory", resource: "secrets");
        Take("alice", agent: "curl/8");

        Assert.Equal([FirstSeenKind.SecretReader, FirstSeenKind.UserAgent], detector.FirstSeen.Found.Select(one => one.Kind));
    }

    [Fact]
    public void AFloodOfUserAgentsDoesNotMakeAKnownUserNew()
    {
        TakeMany("mallory");
        Learn("alice");
        now = now.AddDays(1);
        TakeMany("mallory");
        for (var at = 0; at < SeenSet.MaxCount + 1000; at++)
            Take("mallory", agent: $"agent-{at}/1");
        now = now.AddDays(1);
        TakeMany("mallory");
        detector.FirstSeen.Found.Clear();

        // Somebody has stolen the credentials of alice.
        Take("alice", address: "203.0.113.9");

        Assert.Equal((FirstSeenKind.Network, "alice", "203.0.113.0/24"), Only());
        Assert.Equal(0, detector.FirstSeen.Seen.Forgotten);
    }

    // On two days, the last more than a week later.
    void Learn(string user)
    {
        TakeMany(user);
        now = now.AddDays(9);
        TakeMany(user);
    }

    // So many that the clock follows.
    void TakeMany(string user)
    {
        for (var at = 0; at < MinuteClock.StraysInARow; at++)
        {
            Take(user);
        }
    }

    void Take(
        string user, string verb = "get", string resource = "pods", string address = "10.0.0.5", string agent = "kubectl/v1.33.0",
        int code = 200)
    {
        var line = Encoding.UTF8.GetBytes($$"""
            {"level":"Metadata","stage":"ResponseComplete","verb":"{{verb}}","user":{"username":"{{user}}"},"sourceIPs":["{{address}}"],
            "userAgent":"{{agent}}","objectRef":{"resource":"{{resource}}","namespace":"shop"},"responseStatus":{"code":{{code}}},
            "stageTimestamp":"{{now:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"}
            """);
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        detector.Take(audit);
    }

    (FirstSeenKind Kind, string User, string What) Only() =>
        Assert.Single(detector.FirstSeen.Found) is var one ? (one.Kind, one.User, one.What) : default;
}

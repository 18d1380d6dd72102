using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>Rates of the events of one source.</summary>
public sealed class InsightDetectorTests
{
    const int Day = 24 * 60;

    readonly InsightDetector detector = new(seed: 1);
    readonly JsonIndex index = new();
    DateTimeOffset now = new(2026, 2, 2, 8, 0, 0, TimeSpan.Zero);

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
    public void ABurstOfWhatIsRareIsFound()
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

    void TakeAt(int minutes, string user)
    {
        var real = now;
        now = now.AddMinutes(minutes);
        Take(user);
        now = real;
    }

    void Take(string user, string verb = "get", string resource = "pods")
    {
        var line = Encoding.UTF8.GetBytes($$"""
            {"level":"Metadata","stage":"ResponseComplete","verb":"{{verb}}","user":{"username":"{{user}}"},"sourceIPs":["10.0.0.5"],
            "userAgent":"kubectl/v1.33.0","objectRef":{"resource":"{{resource}}","namespace":"shop"},"responseStatus":{"code":200},
            "stageTimestamp":"{{now:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}"}
            """);
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        detector.Take(audit);
    }
}

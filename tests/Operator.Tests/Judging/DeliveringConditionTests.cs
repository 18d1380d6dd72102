using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class DeliveringConditionTests
{
    const string Delivering = DeliveringCondition.Type;

    [Fact]
    public void TheSinksErrorIsTheReasonAndSinceWhen() => Expected.Condition(
        With(new(Some.Noon, Some.Noon.AddMinutes(-5), "SignatureDoesNotMatch", "The secret key is wrong.", 7)),
        Delivering, "False", "SignatureDoesNotMatch",
        "cp-1 has delivered nothing since 2026-11-22T11:55:00Z: SignatureDoesNotMatch: The secret key is wrong. No events are lost: "
            + "they wait in the spool, which is less than 10 % full.");

    [Fact]
    public void AllNodesThatFailAreNamedAndTheCodeOnce()
    {
        var status = Some.Status();
        var failing = status with
        {
            Sinks =
            [
                status.Sinks[0] with
                {
                    LastError = new(
                        Some.Noon, Some.Noon.AddMinutes(-5), "AccessDenied", "https://s3.example.com answered AccessDenied.", 7),
                },
            ],
        };

        Expected.Condition(
            Some.View() with { Nodes = [Some.NodeView("cp-1", failing), Some.NodeView("cp-2"), Some.NodeView("cp-3", failing)] },
            Delivering, "False", "AccessDenied",
            "cp-1, cp-3 have delivered nothing since 2026-11-22T11:55:00Z: https://s3.example.com answered AccessDenied.");
    }

    [Theory]
    [InlineData(0.41, "less than 50 % full")]
    [InlineData(1.0, "The spool is full and the agents stopped reading: events that log rotation deletes now are lost.")]
    public void HowMuchRoomIsLeftIsTold(double share, string part) => Expected.Condition(
        With(new(Some.Noon, Some.Noon.AddMinutes(-5), "Timeout", "m", 7)).With(status =>
            status with { Spool = status.Spool with { Bytes = (long)(status.Spool.LimitBytes * share) } }),
        Delivering, "False", "Timeout", part);

    [Fact]
    public void AnErrorCodeThatIsNoWordStillMakesAReason() =>
        Expected.Condition(
            With(new(Some.Noon, Some.Noon, "503 Slow-Down", "m", 3)), Delivering, "False", "Error503SlowDown", "503 Slow-Down");

    [Fact]
    public void AnAttemptThatFailsOnceIsNoTrouble()
    {
        var once = With(new(Some.Noon, Some.Noon, "Timeout", "m", 1));

        Expected.Condition(once, Delivering, "True", "SinkConfirms", "confirms", ready: "Recording");
        Expected.Condition(once with { Now = Some.Noon.AddSeconds(10) }, Delivering, "False", "Timeout", "m");
    }

    [Fact]
    public void BeforeTheFirstDeliveryNobodyKnows() =>
        Expected.Condition(Fresh(Some.View()), Delivering, "Unknown", "NothingSent", "since it started");

    [Fact]
    public void AnAgentThatStartsAnewIsNoNewsOfTheSink()
    {
        var failing = With(new(Some.Noon, Some.Noon.AddMinutes(-5), "AccessDenied", "m", 7));
        var holding = Fresh(Some.View()).With(status => status with { Spool = status.Spool with { Batches = 3 } });

        Expected.Condition(Some.View().After(TimeSpan.FromHours(1), Fresh(Some.View())), Delivering, "True", "SinkConfirms", "confirms",
            ready: "Recording");
        Expected.Condition(failing.After(TimeSpan.FromSeconds(20), holding), Delivering, "False", "AccessDenied", "m");
        Expected.Condition(
            failing.After(TimeSpan.FromSeconds(20), Fresh(Some.View())), Delivering, "Unknown", "NothingSent", "since it started");
    }

    static TrailView With(LastError error) =>
        Some.View().With(status => status with { Sinks = [status.Sinks[0] with { LastError = error }] });

    static TrailView Fresh(TrailView view) => view.With(status => status with { Sinks = [status.Sinks[0] with { LastDelivery = null }] });
}

using System.Text;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Execs;

public class ExecLogTests
{
    readonly ManualTime time = new();
    readonly ExecLog log;

    public ExecLogTests() => log = new(SomeExec.Origin, time);

    [Fact]
    public void AnExecIsThereWithWhoWhereAndWhat()
    {
        Note(Line());

        var one = Assert.Single(Report().Execs);
        Assert.Equal(("alice", "User", "root-admin"), (one.UserIdentity.UserName, one.UserIdentity.Type, one.UserIdentity.ActingAs));
        Assert.Equal(("shop", "cart-0", "app"), (one.Namespace, one.Pod, one.Container));
        Assert.Equal(["sh", "-c", "echo a b"], one.Command);
        Assert.Equal((time.GetUtcNow(), "a-1"), (one.Time, one.AuditID));
        Assert.Equal(41, one.EventID.Length);
    }

    [Theory]
    [InlineData("\"code\":101", "\"code\":403")]
    [InlineData("\"code\":101", "\"code\":500")]
    [InlineData("ResponseStarted", "RequestReceived")]
    [InlineData("ResponseStarted", "Panic")]
    [InlineData("\"subresource\":\"exec\"", "\"subresource\":\"attach\"")]
    [InlineData("\"resource\":\"pods\"", "\"resource\":\"widgets\"")]
    [InlineData("\\u0026command=sh\\u0026command=-c\\u0026command=echo+a%20b", "")]
    public void WhatStartedNothingIsNot(string part, string instead)
    {
        Note(Line().Replace(part, instead, StringComparison.Ordinal));

        Assert.Empty(Report().Execs);
    }

    [Fact]
    public void TheSameRequestAtItsEndIsTheSame()
    {
        Note(Line());
        Note(Line().Replace("ResponseStarted", "ResponseComplete", StringComparison.Ordinal));
        Note(Line(id: "a-2"));

        Assert.Equal(["a-1", "a-2"], Report().Execs.Select(one => one.AuditID));
    }

    [Theory]
    [InlineData("\"username\":\"alice\"", "\"username\":\"bob\"")]
    [InlineData("root-admin", "other-admin")]
    [InlineData("\"namespace\":\"shop\"", "\"namespace\":\"bank\"")]
    [InlineData("\"name\":\"cart-0\"", "\"name\":\"cart-1\"")]
    [InlineData("container=app", "container=log")]
    public void AnotherRequestWithTheSameIdIsAnother(string part, string instead)
    {
        Note(Line());
        Note(Line().Replace(part, instead, StringComparison.Ordinal));

        Assert.Equal(2, Report().Execs.Count);
    }

    [Fact]
    public void TheSameRequestAtAnotherTimeIsAnother()
    {
        Note(Line());
        time.Advance(TimeSpan.FromMilliseconds(1));
        Note(Line());

        Assert.Equal(2, Report().Execs.Count);
    }

    [Fact]
    public void OnlyWhatIsAfterANumberIsReported()
    {
        Note(Line(id: "a-1"));
        Note(Line(id: "a-2"));

        Assert.Equal(["a-2"], Report(after: 1).Execs.Select(one => one.AuditID));
        Assert.Equal(2, Report(after: 2).Last);
    }

    [Fact]
    public void ItIsBoundedAndSaysWhatWasDropped()
    {
        for (var at = 0; at < ExecReport.Most + 10; at++)
        {
            Note(Line(id: $"a-{at}"));
        }

        Assert.Equal(11, Report().Dropped);
        time.Advance(TimeSpan.FromMinutes(6));
        Assert.Empty(Report(after: 0).Execs);
    }

    [Fact]
    public void AReportOfLongCommandsHasItsLimit()
    {
        for (var at = 0; at < 50; at++)
        {
            Note(Line(id: $"a-{at}", command: $"&command={new string('x', 8000)}"));
        }

        var (seen, reports) = (0L, 0);
        while (Report(seen) is { Execs.Count: > 0 } report)
        {
            Assert.True(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(report, ExecsJson.Default.ExecReport).Length < 1 << 20);
            (seen, reports) = (report.Execs[^1].Number, reports + 1);
        }

        Assert.Equal(50, seen);
        Assert.InRange(reports, 2, 50);
    }

    [Fact]
    public void ACommandThatIsTooLongIsCut()
    {
        Note(Line(command: $"&command=sh&command={new string('x', 9000)}&command=more"));

        var one = Assert.Single(Report().Execs);
        Assert.True(one.IsCommandCut);
        Assert.Equal(2, one.Command.Count);
    }

    [Fact]
    public void IdsAndNamesThatAreTooLongAreShortenedAndSaySo()
    {
        // The API server takes headers of any length up to its limit.
        var (id, user, other) = (new string('i', 5000), new string('u', 5000), new string('o', 5000));
        Note(Line(id).Replace("alice", user, StringComparison.Ordinal).Replace("root-admin", other, StringComparison.Ordinal));
        Note(Line(id + "2").Replace("alice", user, StringComparison.Ordinal).Replace("root-admin", other, StringComparison.Ordinal));

        Assert.Equal(2, Report().Execs.Count);
        var one = Report().Execs[0];
        Assert.All([one.AuditID, one.UserIdentity.UserName, one.UserIdentity.ActingAs!], text =>
        {
            Assert.Equal(ExecEvent.LongestText, text.Length);
            Assert.EndsWith("… (shortened)", text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void WhatIsOldAlreadyIsNot()
    {
        var line = Line();
        time.Advance(TimeSpan.FromMinutes(6));
        Note(line);

        Assert.Empty(Report().Execs);
    }

    ExecReport Report(long after = 0) => log.Report(after, null);

    void Note(string line)
    {
        Assert.True(AuditEvent.TryParse(Encoding.UTF8.GetBytes(line), new JsonIndex(), out var audit, out _));
        log.Note(audit, default);
    }

    string Line(string id = "a-1", string command = "&command=sh&command=-c&command=echo+a%20b") =>
        $$$"""{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"{{{id}}}","stage":"ResponseStarted","requestURI":"/api/v1/namespaces/shop/pods/cart-0/exec?container=app{{{command.Replace("&", "\\u0026", StringComparison.Ordinal)}}}","verb":"get","user":{"username":"alice"},"impersonatedUser":{"username":"root-admin"},"objectRef":{"resource":"pods","namespace":"shop","name":"cart-0","apiVersion":"v1","subresource":"exec"},"responseStatus":{"metadata":{},"code":101},"requestReceivedTimestamp":"{{{time.GetUtcNow():O}}}","stageTimestamp":"{{{time.GetUtcNow():O}}}"}""";
}

using System.Text.Json;
using ClusterTrail.Kubectl.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Tests.Status;

public sealed class TrailTreeTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ATrailThatIsReadyIsShownWhole()
    {
        var text = Text(Trail("main", StatusJson.Ready));

        Assert.Equal(
            """
            Trail main: Ready
            ├─ conditions
            │  ├─ Ready     True  Recording  3d
            │  └─ Accepted  True  Valid      5h
            ├─ agents: 2 of 2 ready, 2 reporting; lag 3s (1.5 KiB)
            │  ├─ cp-1  Reading
            │  └─ cp-2  Idle
            ├─ delivered: 12,345 events in 1 object to s3://audit/prod
            │  ├─ last event     2026-03-01T11:59:57Z, 3s ago
            │  ├─ last delivery  2026-03-01T11:55:00Z, 5m ago
            │  └─ last object    events/cluster=prod/1.ndjson.zst
            └─ detections: 31 rules; 1,204 findings: 1 critical, 3 high, 1,200 low
               ├─ last finding  pod-exec, 2026-03-01T11:55:00Z, 5m ago
               └─ cannot fire   secret-dump, anonymous
            """.Replace("s3://audit/prod", "s3://audit/prod; 20,000 read, 12,345 selected, 70 only counted; 2.0 MiB in the spool; no gaps", StringComparison.Ordinal),
            text);
    }

    [Fact]
    public void WhatIsWrongIsToldWithItsMessage()
    {
        var text = Text(Trail("edge", StatusJson.Failing));

        Assert.Equal(
            """
            Trail edge: not Ready
            ├─ conditions
            │  ├─ Ready       False    AccessDenied  90s  see Delivering
            │  ├─ Delivering  False    AccessDenied  90s  Since 11:58 the sink takes nothing.
            │  └─ Receiving   Unknown  NotAsked      -    No agent was asked.
            ├─ agents: 1 of 102 ready, 0 reporting; lag unknown
            │  ├─ cp-1  Failed       The log cannot be read.
            │  ├─ cp-2  Unreachable
            │  └─ and 100 more
            ├─ delivered: 0 events in 0 objects to an unknown place; 0 read, 0 selected; 0 B in the spool; 1 gap
            │  ├─ last event     none
            │  ├─ last delivery  none
            │  └─ last object    none
            └─ detections: rules unknown; no findings
            """,
            text);
    }

    [Fact]
    public void ATrailThatTheOperatorHasNotSeenSaysSo()
    {
        Assert.Equal(
            """
            Trail new: not Ready
            └─ no status: the operator has not seen this Trail; is it running?
            """,
            Text(Trail("new", "null")));
    }

    [Fact]
    public void AStatusOfAnOlderSpecIsNotReady()
    {
        var trail = Trail("main", StatusJson.Ready);
        var changed = trail with { Metadata = trail.Metadata with { Generation = 3 } };

        Assert.False(Readiness.IsReady(changed, Now));
        Assert.StartsWith(
            """
            Trail main: not Ready
            ├─ what follows is of generation 2; the operator has not seen generation 3 yet
            ├─ conditions
            """,
            Text(changed), StringComparison.Ordinal);
    }

    [Fact]
    public void AStatusThatNobodyWritesAnyMoreIsNotReady()
    {
        var trail = Trail("main", StatusJson.Ready);
        var (left, fresh) = (Seen(trail, Now.AddMinutes(-61)), Seen(trail, Now.AddMinutes(-60)));

        Assert.False(Readiness.IsReady(left, Now));
        Assert.StartsWith(
            """
            Trail main: unknown
            ├─ this status is old: the operator last asked the agents at 2026-03-01T10:59:00Z, 61m ago; is the operator running?
            ├─ conditions
            """,
            Text(left), StringComparison.Ordinal);
        Assert.StartsWith("main   Unknown  StatusIsOld  2/2", TrailList.Lines([left], Now)[1], StringComparison.Ordinal);
        Assert.True(Readiness.IsReady(fresh, Now));
        Assert.StartsWith("Trail main: Ready\n├─ conditions", Text(fresh), StringComparison.Ordinal);
    }

    [Fact]
    public void ANodeWithoutAnAgentIsShownWithTheReason()
    {
        var trail =
            Trail("main", StatusJson.Ready.Replace("\"desired\": 2", "\"nodes\": 3, \"desired\": 2", StringComparison.Ordinal).Replace(
            """{"name": "cp-2", "pod": "b", "state": "Idle"}""",
            """{"name": "cp-2", "pod": "b", "state": "Idle"}, {"name": "cp-3", "state": "Missing", "reason": "TaintNotTolerated", "message": "Nobody tolerates dedicated=etcd:NoSchedule."}""",
            StringComparison.Ordinal));

        Assert.Contains(
            """
            ├─ agents: 2 of 2 ready, 2 reporting; 1 node without one; lag 3s (1.5 KiB)
            │  ├─ cp-1  Reading
            │  ├─ cp-2  Idle
            │  └─ cp-3  Missing, TaintNotTolerated  Nobody tolerates dedicated=etcd:NoSchedule.
            """,
            Text(trail), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAConditionSaysOfANodeIsNotSaidTwice()
    {
        var trail = Trail(
            "edge", StatusJson.Failing.Replace("No agent was asked.", "On cp-1: The log cannot be read.", StringComparison.Ordinal));

        Assert.Contains(
            """
            │  ├─ cp-1  Failed       see Receiving
            │  ├─ cp-2  Unreachable
            """,
            Text(trail), StringComparison.Ordinal);
    }

    [Fact]
    public void OnATerminalLinesAreWrappedBelowTheirColumn()
    {
        const string Long =
            "cp-1 has delivered nothing since noon: https://a-store-with-a-long-name.example.com:9443/ answered AccessDenied.";
        var trail = Trail("edge", StatusJson.Failing.Replace("Since 11:58 the sink takes nothing.", Long, StringComparison.Ordinal));

        var lines = TrailTree.Lines(trail, Now, width: 80);

        Assert.StartsWith(
            """
            Trail edge: not Ready
            ├─ conditions
            │  ├─ Ready       False    AccessDenied  90s  see Delivering
            │  ├─ Delivering  False    AccessDenied  90s  cp-1 has delivered nothing since
            │  │                                          noon:
            │  │                                          https://a-store-with-a-long-name.example.com:9443/
            │  │                                          answered AccessDenied.
            │  └─ Receiving   Unknown  NotAsked      -    No agent was asked.
            ├─ agents: 1 of 102 ready, 0 reporting; lag unknown
            │  ├─ cp-1  Failed       The log cannot be read.
            │  ├─ cp-2  Unreachable
            │  └─ and 100 more
            ├─ delivered: 0 events in 0 objects to an unknown place; 0 read, 0 selected; 0 B
            │  │  in the spool; 1 gap
            │  ├─ last event     none
            """,
            string.Join('\n', lines), StringComparison.Ordinal);
        Assert.All(lines.Where(line => !line.Contains("https:", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void TheDocumentedTreeIsWhatIsPrinted()
    {
        var documented = File.ReadAllText(Repository.PathOf("docs", "kubectl-trail.md")).Split("<!-- tested: status -->\n```\n")[1]
            .Split("\n```")[0];

        Assert.Equal(documented, string.Join('\n', TrailTree.Lines(Trail("main", StatusJson.Documented), Now, width: 120)));
    }

    [Fact]
    public void ATrailThatIsDeletedSaysSo()
    {
        var trail = Trail("main", StatusJson.Ready);

        Assert.StartsWith(
            "Trail main: being deleted\n", Text(trail with { Metadata = trail.Metadata with { DeletionTimestamp = Now.UtcDateTime } }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AMessageCannotCommandATerminal()
    {
        var text = Text(
            Trail(
                "main", StatusJson.Failing.Replace("The log cannot be read.", "\\u001b[2J\\nTrail main: Ready", StringComparison.Ordinal)));

        Assert.Contains("cp-1  Failed       \\u001b[2J\\u000aTrail main: Ready\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AListHasTheTreesOfThoseThatAreNotReady()
    {
        var (ready, edge, unseen) = (Trail("main", StatusJson.Ready), Trail("edge", StatusJson.Failing), Trail("new", "null"));

        var text = string.Join('\n', TrailList.Lines([edge, ready, unseen], Now));

        Assert.Equal(
            $"""
            TRAIL  READY    REASON        AGENTS  LAG  DELIVERED  LAST DELIVERY
            edge   False    AccessDenied  1/102   -    -          -
            main   True     Recording     2/2     3s   12,345     5m
            new    Unknown  NoStatus      -       -    -          -

            {Text(edge)}

            {Text(unseen)}
            """,
            text);
    }

    [Fact]
    public void WhatIsWrongWithATrailThatIsReadyIsListedToo()
    {
        var trail = Trail("main", StatusJson.Ready.Replace(
            """
            "Accepted", "status": "True", "reason": "Valid", "message": "The spec can be used."
            """,
            """
            "Complete", "status": "False", "reason": "RotatedAway", "message": "On cp-1: 7 events are missing."
            """,
            StringComparison.Ordinal));

        Assert.Equal(
            """

            Trail main: Ready, but
            └─ Complete  False  RotatedAway  5h  On cp-1: 7 events are missing.
            """,
            string.Join('\n', TrailList.Lines([trail], Now).Skip(2)));
    }

    [Fact]
    public void ASpecThatIsNotSeenIsNotListedAsReady()
    {
        var trail = Trail("main", StatusJson.Ready);

        var line = TrailList.Lines([trail with { Metadata = trail.Metadata with { Generation = 3 } }], Now)[1];

        Assert.StartsWith("main   Unknown  SpecNotSeen  2/2", line, StringComparison.Ordinal);
    }

    static Trail Seen(Trail trail, DateTimeOffset at) => trail with { Status = trail.Status! with { LastObservedTime = at } };

    static string Text(Trail trail) => string.Join('\n', TrailTree.Lines(trail, Now));

    static Trail Trail(string name, string status) => JsonSerializer.Deserialize<Trail>(
        $$$$"""
        {
          "metadata": {"name": "{{{{name}}}}", "generation": 2},
          "spec": {
            "clusterName": "prod",
            "sources": {"apiServer": {"type": "LogFile", "logFile": {"path": "/var/log/kubernetes/audit/audit.log"}}},
            "sink": {"type": "S3", "s3": {"bucket": "audit"}}
          },
          "status": {{{{status}}}}
        }
        """, KubernetesJson.Options)!;
}

using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Integrity;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

public sealed class SteadyStateTests
{
    readonly JsonIndex index = new();
    readonly RecordWriter writer = new(Some.Origin);
    readonly Selector selector = new(Some.Selectors([.. Rules()]));

    [Fact]
    public void NoEventAllocatesOnceBuffersHaveGrown()
    {
        using var record = new RecordBuffer();
        var recorded = RecordAll(record);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var again = RecordAll(record);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(recorded, again);
        Assert.InRange(recorded, RealLog.Lines.Count / 2, RealLog.Lines.Count);
    }

    [Fact]
    public void NoLineAllocatesInTheRecorder()
    {
        using var recorder = new Recorder(Some.Origin, Some.Selecting(selector, TimeProvider.System), null, TimeProvider.System);
        var recorded = RecordLines(recorder);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var again = RecordLines(recorder);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(recorded, again);
        Assert.InRange(recorded.Selected, RealLog.Lines.Count / 2, RealLog.Lines.Count);
        Assert.Equal((RealLog.Lines.Count, 0), (recorded.Events, recorded.Unparsable));
    }

    [Fact]
    public void NoLineAllocatesForLabelsOfNamespaces()
    {
        var asked = new EnrichmentConfiguration { NamespaceLabels = ["team"] };
        var known = KnownTags.Of(new()
        {
            Trail = "main",
            Node = "cp-1",
            At = DateTimeOffset.UnixEpoch,
            Hash = "hash",
            Pods = [],
            Namespaces = [new("kube-system", new Dictionary<string, string> { ["team"] = "platform" })],
        }, asked);
        var lacking = 0;
        var tags = new RecordTags(asked, () => known, more => lacking += more);
        using var recorder = new Recorder(
            Some.Origin, Some.Selecting(selector, TimeProvider.System), null, TimeProvider.System, tags: tags);
        var recorded = RecordLines(recorder);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var again = RecordLines(recorder);
        recorder.ReportCounts();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(recorded, again);
        // Some are of that namespace, some of others.
        Assert.InRange(lacking, 2, (recorded.Selected * 2) - 2);
    }

    [Fact]
    public void NoLineOfAContainerAllocatesForLabelsOfItsController()
    {
        var asked = new EnrichmentConfiguration { OwnerLabels = ["team"] };
        var known = KnownTags.Of(new()
        {
            Trail = "main",
            Node = "cp-1",
            At = DateTimeOffset.UnixEpoch,
            Hash = "hash",
            Pods = [],
            Owners = [new(["u-1"]) { Owner = new("jobs", "shop", "nightly", new Dictionary<string, string> { ["team"] = "web" }) }],
        }, asked);
        var lacking = 0;
        using var recorder = new ContainerRecorder(
            Some.Origin, TimeProvider.System, new(asked, () => known, more => lacking += more));
        var line = new ContainerLine();
        var identity = new ContainerIdentity("shop", "cart-0", "u-1", "app", [new(new() { Namespaces = ["shop"] })]);
        byte[][] texts = ["hello"u8.ToArray()];
        var recorded = RecordTexts(recorder, line, identity, texts);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var again = RecordTexts(recorder, line, identity, texts);
        recorder.ReportCounts();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((1000, recorded, 0), (recorded, again, lacking));
    }

    [Fact]
    public void NoLineAllocatesToBeHeldAgainstWhatSelectorsAskFor()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "test"));
        var log = new PolicyLog(new(metrics.Meter), TimeProvider.System);
        var asking = new Selector(Some.Selectors(
            new SelectorRule { Level = SelectorLevel.RequestResponse, Resources = [new() { Group = "*" }] }));
        var files = Some.Selecting(asking, TimeProvider.System);
        using var recorder = new Recorder(
            Some.Origin, files, null, TimeProvider.System, new(Policy: log.ForSource(files)));
        RecordLines(recorder);
        recorder.ReportCounts();
        var before = GC.GetAllocatedBytesForCurrentThread();

        RecordLines(recorder);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(log.StatusOf(asking)!.Shortfalls.Count, 5, 64);
    }

    [Fact]
    public void NoEventAllocatesThatIsCounted()
    {
        var counting = new Selector(Some.Selectors(new SelectorRule { Level = SelectorLevel.Metadata, Aggregate = true }));
        using var batch = new OpenBatch(new(), TimeProvider.System);
        using var rollUp = new BatchRollUp(Some.Origin);
        using var recorder = new Recorder(Some.Origin, Some.Selecting(counting, TimeProvider.System), null, TimeProvider.System);
        Assert.Equal(RealLog.Lines.Count, CountLines(recorder, rollUp, batch));
        // Namespaces come and go in this log, so its events have less in common than those of most clusters.
        Assert.InRange(rollUp.MoveTo(batch), 1000, RealLog.Lines.Count * 3 / 4);
        batch.Clear();
        CountLines(recorder, rollUp, batch);
        var before = GC.GetAllocatedBytesForCurrentThread();

        // The second pass finds its rows, so only what is done for an event is measured.
        var again = CountLines(recorder, rollUp, batch);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(RealLog.Lines.Count, again);
    }

    [Fact]
    public void NoLineOfAContainerAllocatesWhenMembersAreLeftOut()
    {
        using var recorder = new ContainerRecorder(Some.Origin, TimeProvider.System);
        OutputRule[] rules =
        [
            new(new() { Namespaces = ["shop"], Format = OutputFormat.Json, Only = ["level", "msg"] }),
            new(new()
            {
                Namespaces = ["shop"],
                Format = OutputFormat.Json,
                Only = ["user"],
                Fields = [new() { Path = "message.level", Operator = FieldOperator.Equals, Values = ["error"] }],
            }),
        ];
        byte[][] texts = ["""{"level":"error","msg":"m","user":"u","password":"p"}"""u8.ToArray(), "no object"u8.ToArray()];
        var line = new ContainerLine();
        var identity = new ContainerIdentity("shop", "cart-0", "u-1", "app", rules);
        var recorded = RecordTexts(recorder, line, identity, texts);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var again = RecordTexts(recorder, line, identity, texts);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal((2000, recorded), (recorded, again));
    }

    [Fact]
    public void NoProcessAllocatesToBeHeldAgainstRulesOnceItsContainerIsKnown()
    {
        var labels = new KnownLabels(
            new Dictionary<string, IReadOnlyDictionary<string, string>> { ["u-1"] = new Dictionary<string, string> { ["tier"] = "web" } }, "hash");
        var tier = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["tier"] = "web" } };
        var asked = new ProcessesAsked(
            new() { Rules = [new() { Namespaces = ["shop"], Pods = ["cart-*"], PodLabels = tier, Containers = ["app"] }] }, "agent.json",
            () => labels, _ => { }, TimeProvider.System, NullLogger.Instance);
        var text = """{"kind":"ProcessEvent","apiVersion":"audit.clustertrail.io/v1alpha1","time":"2026-11-26T10:00:00.000000Z","container":{"id":"c-1","name":"app","namespace":"shop","pod":"cart-0","podUID":"u-1"}}"""u8;
        Assert.True(ProcessEvent.TryParse(text, index, out var process, out _));
        Assert.True(asked.Includes(process));
        var (before, included) = (GC.GetAllocatedBytesForCurrentThread(), 0);

        for (var at = 0; at < 1000; at++)
            included += asked.Includes(process) ? 1 : 0;

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1000, included);
    }

    [Fact]
    public void NoStepAllocatesForDigests()
    {
        using var folder = new TemporaryFolder();
        using var ledger = new DigestLedger(new(folder.Join("ledger"), () => { }), 0, new Dictionary<string, string>());
        var source = new SourceLedger("apiserver", ledger);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var step = 0; step < 1000; step++)
        {
            source.NoteRead(events: 1, truncated: 1, oversized: 0, unparsable: 1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void NoRecordAndNoBatchAllocatesInACompressor()
    {
        using var batch = new OpenBatch(new(), TimeProvider.System);
        using var recorder = new Recorder(Some.Origin, Some.Selecting(selector, TimeProvider.System), null, TimeProvider.System);
        var stored = CompressLines(recorder, batch);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var again = CompressLines(recorder, batch);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(stored, again);
        Assert.InRange(stored, 1, RealLog.Lines.Sum(line => line.Length) / 20);
    }

    [Fact]
    public void NoRecordAllocatesInAGzip()
    {
        using var batch = new OpenBatch(new() { Type = CompressionType.Gzip }, TimeProvider.System);
        for (var round = 0; round < 2; round++)
        {
            batch.Clear();
            batch.Add(RealLog.Lines[0], Some.Position, default);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var at = 0; at < RealLog.Lines.Count; at++)
                batch.Add(RealLog.Lines[at], Some.Position, default);
            Assert.True(round == 0 || GC.GetAllocatedBytesForCurrentThread() == before);
        }
    }

    [Fact]
    public void NoEventThatFiresNothingAllocatesWithTheRulesOfAllPacks()
    {
        using var metrics = new AgentMetrics(new("0.1.0", "test"));
        // Bursts go on in a second pass, and it meets ends of requests whose beginnings it left out.
        var rules = new DetectionsFile { Packs = [.. Packs.All.Select(pack => pack.Name)] }.Effective().Where(
            rule => rule.Threshold is null);
        using var detector = new SourceDetector(Some.Origin, Some.InForce(TimeProvider.System, [.. rules]),
            new(new(metrics.Meter, "main"), TimeProvider.System, NullLogger.Instance));
        var silent = RealLog.Lines.Where(line => Findings(detector, line) == 0).ToList();
        silent = [.. silent.Where(line => Findings(detector, line) == 0)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        var found = 0;
        foreach (var line in silent)
            found += Findings(detector, line);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, found);
        Assert.InRange(silent.Count, RealLog.Lines.Count / 2, RealLog.Lines.Count);
    }

    int Findings(SourceDetector detector, byte[] line) =>
        AuditEvent.TryParse(line, index, out var audit, out _) ? detector.Detect(audit, AuditLevel.Metadata, Some.Position).Count : -1;

    static int CountLines(Recorder recorder, BatchRollUp rollUp, OpenBatch batch)
    {
        var counted = 0;
        for (var at = 0; at < RealLog.Lines.Count; at++)
        {
            var recorded = recorder.Record(new(RealLog.Lines[at], Some.Position with { Offset = at }, null));
            if (recorded.Outcome != Recorded.Aggregated)
                continue;
            rollUp.Add(recorded.Key, Some.Position with { Offset = at }, batch, recorded.EventTime);
            counted++;
        }

        return counted;
    }

    static int CompressLines(Recorder recorder, OpenBatch batch)
    {
        for (var at = 0; at < RealLog.Lines.Count; at++)
        {
            var recorded = recorder.Record(new(RealLog.Lines[at], Some.Position with { Offset = at }, null));
            if (recorded.Outcome != Recorded.NotSelected)
                batch.Add(recorded.Record, Some.Position, recorded.EventTime);
        }

        var stored = batch.Close().Length;
        batch.Clear();
        return stored;
    }

    static ReadCounts RecordLines(Recorder recorder)
    {
        var read = new ReadCounts();
        for (var at = 0; at < RealLog.Lines.Count; at++)
        {
            var line = new SourceLine(RealLog.Lines[at], Some.Position with { Offset = at }, null);
            var recorded = recorder.Record(line);
            read.Add(recorded, line);
        }

        return read;
    }

    int RecordAll(RecordBuffer record)
    {
        var recorded = 0;
        for (var at = 0; at < RealLog.Lines.Count; at++)
        {
            if (!AuditEvent.TryParse(RealLog.Lines[at], index, out var audit, out _))
                return -1;

            var level = selector.Select(audit);
            if (level == AuditLevel.None)
                continue;

            writer.Write(audit, level, Some.Position with { Offset = at }, record);
            recorded++;
        }

        return recorded;
    }

    // Twenty, and all of them are looked at for most events: the kinds that a real policy has, and each kind of condition.
    static IEnumerable<SelectorRule> Rules()
    {
        var none = new SelectorRule { Level = SelectorLevel.None };
        yield return none with { NonResourceURLs = ["/healthz*", "/readyz*", "/livez*", "/%C3%A4"] };
        yield return none with { Users = ["system:kube-proxy"], Verbs = ["watch"] };
        yield return none with { UserGroups = ["system:nodes"], Resources = [new() { Resources = ["nodes/status"] }] };
        yield return none with
        {
            Namespaces = ["nowhere"],
            Resources = [new() { Group = "*", Resources = ["*/scale", "pods/*"], ResourceNames = ["x"] }],
        };
        foreach (var fieldOperator in new[]
        {
            FieldOperator.Equals,
            FieldOperator.StartsWith,
            FieldOperator.EndsWith,
            FieldOperator.Matches,
        })
        {
            yield return none with
            {
                Fields = [new() { Path = "requestObject.spec.containers[*].image", Operator = fieldOperator, Values = ["\u0001"] }],
            };
        }

        foreach (var path in new[]
        {
            "userAgent",
            "requestURI",
            "responseObject.metadata.name",
            "user.groups[*]",
            "annotations[\"authorization.k8s.io/reason\"]",
        })
        {
            yield return none with { Fields = [new() { Path = path, Operator = FieldOperator.Matches, Values = ["^\u0001.*x$"] }] };
        }

        for (var more = 0; more < 6; more++)
            yield return none with { Users = [$"user-{more}"], Verbs = ["get", "list"] };

        yield return new SelectorRule { Level = SelectorLevel.Request, OmitStages = [AuditStage.RequestReceived] };
    }

    static int RecordTexts(ContainerRecorder recorder, ContainerLine line, ContainerIdentity identity, byte[][] texts)
    {
        var recorded = 0;
        for (var at = 0; at < 1000; at++)
        {
            foreach (var text in texts)
            {
                line.Set(identity, "2026-11-26T10:00:00.1Z"u8, false, text.Length, false);
                recorded += recorder.Record(new(text, Some.Position, null, container: line)).Outcome == Recorded.Event ? 1 : 0;
            }
        }

        return recorded;
    }
}

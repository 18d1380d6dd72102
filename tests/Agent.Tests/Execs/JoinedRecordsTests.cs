using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Execs;
using ClusterTrail.Agent.Records;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Execs;

/// <summary>What records and findings say of processes that entered, with the rule of the pack.</summary>
public sealed class JoinedRecordsTests : IDisposable
{
    const string Rule = "exec-without-api-event";

    readonly ManualTime time = new();
    readonly TemporaryFolder folder = new();
    readonly HandedExecs handed;
    readonly Meter meter = new("test");
    readonly MeterListener listener = new();
    readonly ProcessRecorder recorder;
    long notEvaluable;

    public JoinedRecordsTests()
    {
        handed = new(Some.Origin, time);
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter == meter && instrument.Name == "clustertrail.detections.not_evaluable")
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => notEvaluable += count);
        listener.Start();
        var log = new FindingLog(new(meter, "main"), time, NullLogger.Instance);
        var rule = new DetectionsFile { Packs = ["processes"] }.Effective().Single(one => one.Name == Rule);
        var detector = new SourceDetector(Some.Origin, Some.InForce(time, rule), log, new WorkloadRecordWriter(Some.Origin));
        var joined = new JoinedProcesses(new(handed, isExpected: true, time), folder.Join("joined"), () => { });
        recorder = new(Some.Origin, detector, time, joined);
    }

    public void Dispose()
    {
        recorder.Dispose();
        listener.Dispose();
        meter.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void ARecordHasThePersonAndTheApiEventAndTheLineWithItsOrigin()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        var line = SomeExec.Line(time.GetUtcNow(), 10, "Entered");

        var (text, findings) = Record(line);

        var record = JsonNode.Parse(text)!;
        Assert.Equal(("alice", "User"), ((string?)record["userIdentity"]!["userName"], (string?)record["userIdentity"]!["type"]));
        Assert.Equal((string?)record["event"]!["join"]!["apiEvents"]![0]!["eventID"], (string?)record["apiEventID"]);
        Assert.Contains($"\"event\":{line[..^1]},\"join\":", text, StringComparison.Ordinal);
        Assert.Equal(0, findings);
    }

    [Fact]
    public void OneWithoutAnApiEventIsAFindingAndItsChildrenAreNot()
    {
        Know();
        Hand();

        Assert.Equal(1, Record(SomeExec.Line(time.GetUtcNow(), 10, "Entered")).Findings);
        Assert.Equal(0, Record(SomeExec.Line(time.GetUtcNow(), 11, null, [10])).Findings);
        Assert.Equal(1, Record(SomeExec.Line(time.GetUtcNow(), 12, "EnteredNamespaces")).Findings);
    }

    [Fact]
    public void OneThatNobodyCanSayOfIsNoFindingButCounted()
    {
        Assert.Equal(0, Record(SomeExec.Line(time.GetUtcNow(), 10, "Entered")).Findings);
        recorder.ReportCounts();

        Assert.Equal(1, notEvaluable);
    }

    [Fact]
    public void OrdinaryProcessesAreAsTheyAre()
    {
        Hand(SomeExec.Event(time.GetUtcNow()));
        var line = SomeExec.Line(time.GetUtcNow(), 10, "Started");

        Assert.EndsWith($"\"event\":{line}}}\n", Record(line).Text, StringComparison.Ordinal);
        recorder.ReportCounts();
        Assert.Equal(0, notEvaluable);
    }

    void Know()
    {
        handed.CommandsOf(new() { Namespace = "shop", Pod = "cart-0", PodUID = SomeExec.Uid });
        Take(SomeExec.Handover(time.GetUtcNow(), null) with { Pods = [SomeExec.Commands()] });
    }

    void Hand(params ExecEvent[] execs) => Take(SomeExec.Handover(time.GetUtcNow(), time.GetUtcNow().AddSeconds(10), execs));

    void Take(ExecHandover handover)
    {
        time.Advance(TimeSpan.FromTicks(10));
        Assert.NotNull(handed.Take(
            handover with { Trail = Some.Origin.Trail, Node = Some.Origin.NodeName, Sequence = time.GetUtcNow().UtcTicks }, out _));
    }

    (string Text, int Findings) Record(string line)
    {
        var made = recorder.Record(new(Encoding.UTF8.GetBytes(line), Some.Position, null));
        Assert.Equal(Recorded.Event, made.Outcome);
        return (Encoding.UTF8.GetString(made.Record), made.Insights.Count);
    }
}

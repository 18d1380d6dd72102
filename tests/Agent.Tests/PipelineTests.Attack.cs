using System.Text.Json.Nodes;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

/// <summary>Attacks on aggregates; each fails while the fault is there.</summary>
public sealed partial class PipelineTests
{
    [Fact]
    public void ATTACK_ABatchOfCountsStaysWithinItsSize()
    {
        const int Most = 1 << 20;
        spoolLimit = 1 << 28;
        using var pipeline = NewAttacked(new() { MaxBytes = Most }, null);
        for (var at = 0; at < 400; at++)
        {
            var group = $"g{at}-{new string('a', 3900)}";
            files.Append("audit.log", [.. AuditLine.Of(AuditLine.ObjectRef(new('b', 3900), group: group)), (byte)'\n']);
        }

        while (pipeline.TryStep())
        {
        }

        // A record that exceeds it is normal.
        Assert.InRange(SpoolFile.Read(delivered[0].Path, new()).Header.RecordBytes, 1, Most + (64 << 10));
    }

    [Fact]
    public void ATTACK_ACountHasTheLabelsOfItsNamespace()
    {
        var known = KnownTags.Of(new()
        {
            Trail = "main",
            Node = "cp-1",
            At = default,
            Hash = "h",
            Pods = [],
            Namespaces = [new("shop", new Dictionary<string, string> { ["team"] = "web" })],
        });
        using var pipeline = NewAttacked(new(), new(new() { NamespaceLabels = ["team"] }, () => known, _ => { }));
        Write("a");
        Assert.True(pipeline.TryStep());
        Assert.True(pipeline.TryFinish());

        var record = JsonNode.Parse(Assert.Single(
            delivered.SelectMany(batch => PlainBatch.LinesOf(SpoolFile.Read(batch.Path, new()).Content.ToArray()))))!;
        Assert.NotNull(record["eventContext"]);
    }

    Pipeline NewAttacked(Contract.BatchConfiguration limits, RecordTags? tags)
    {
        var spool = new BatchSpool(folder.Join("spool"), spoolLimit, time);
        spool.Open((_, _, reason) => Assert.Fail(reason));
        var recovered = Recovery.Find("apiserver", Checkpoint, spool, Assert.Fail);
        var follower = new LogFollower(
            files, lines, new() { Path = "/audit.log", StartAt = startAt }, recovered.Start?.Progress,
            new(_ => { }, failures.Add, _ => { }), time);
        var context = new SourceContext("apiserver", limits, metrics.DeclareSource("apiserver"), time, logged.Factory);
        var recorder = new Recorder(Some.Origin, Some.Selecting(Aggregating, time), null, time, tags: tags);
        var output = new SourceOutput(new(Some.Origin, null, time), new(spool, delivered.Add), Checkpoint, null, new("apiserver", null));
        return new(context, follower, recorder, new(context, follower, recovered, output));
    }
}

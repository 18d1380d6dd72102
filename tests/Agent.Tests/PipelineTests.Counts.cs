using System.Text.Json.Nodes;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

/// <summary>Events that are counted instead of recorded.</summary>
public sealed partial class PipelineTests
{
    [Fact]
    public void CountsAreRecordsOfTheBatchThatTheirEventsAreOf()
    {
        using var pipeline = New(selector: Aggregating);
        Write("a");
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(pipeline.TryStep());
        Write("b");
        Assert.True(pipeline.TryStep());
        Assert.Empty(delivered);

        time.Advance(TimeSpan.FromMinutes(1));
        pipeline.TryStep();

        var batch = SpoolFile.Read(Assert.Single(delivered).Path, new());
        var record = JsonNode.Parse(Assert.Single(PlainBatch.LinesOf(batch.Content.ToArray())))!;
        Assert.Equal((2, "Aggregate"), ((int)record["aggregateDetails"]!["count"]!, (string?)record["eventCategory"]));
        Assert.Equal((1, new(2026, 11, 22, 5, 35, 25, 608, TimeSpan.Zero)), (batch.Header.Events, Cut(batch.Header.FirstEvent)));
        Assert.EndsWith(":0", batch.Header.FirstPosition, StringComparison.Ordinal);
        Assert.False(batch.Header.LastPosition.EndsWith(":0", StringComparison.Ordinal));
        var totals = pipeline.View.Totals;
        Assert.Equal((2, 0, 2, 2), (totals.Read, totals.Selected, totals.Aggregated, pipeline.View.Count!.Lines));
        Assert.Equal((2, 0, 2, 1),
            (Counted("clustertrail_source_read_events"), Counted("clustertrail_selected_events"),
                Counted("clustertrail_aggregated_events"), Counted("clustertrail_aggregate_records")));
        Assert.True(Checkpoint.Load()!.Progress.Files.Single().Offset > 0);
    }

    [Fact]
    public void ACrashBeforeABatchClosesCountsItsEventsAgainAndOnlyOnce()
    {
        using (var first = New(selector: Aggregating))
        {
            Write("a");
            Write("b");
            Assert.True(first.TryStep());
        }

        using var second = New(selector: Aggregating);
        Write("c");
        second.TryStep();
        Assert.True(second.TryFinish());

        Assert.Equal([3], Counts());
    }

    [Theory]
    [InlineData("9999-12-31T23:54:59.999999Z", "Aggregate 1, Aggregate 1")]
    [InlineData("9999-12-31T23:55:00.000000Z", "Management, Aggregate 1")]
    [InlineData("9999-12-31T23:59:59.999999Z", "Management, Aggregate 1")]
    [InlineData("0001-01-01T00:00:00.000000Z", "Aggregate 1, Aggregate 1")]
    public void AnEventThatIsInNoWholeWindowIsRecordedByItself(string when, string expected)
    {
        using var pipeline = New(selector: Aggregating);
        files.Append("audit.log", [.. AuditLine.Of(("stageTimestamp", $"\"{when}\"")), (byte)'\n']);
        Write("b");
        Assert.True(pipeline.TryStep());

        Assert.True(pipeline.TryFinish());

        Assert.Equal(expected, string.Join(
            ", ", Records().Select(record => $"{record["eventCategory"]} {record["aggregateDetails"]?["count"]}".TrimEnd())));
        Assert.Equal(when, (string?)Records()[0]["eventTime"]);
    }

    [Fact]
    public void ABatchClosesWhenItsCountsHaveNoMoreRoom()
    {
        spoolLimit = 1 << 28;
        using var pipeline = New(selector: Aggregating);
        for (var at = 0; at < RollUp.MostRows + 10; at++)
            files.Append("audit.log", [.. AuditLine.Of(("verb", $"\"v-{at}\"")), (byte)'\n']);
        while (pipeline.TryStep())
        {
        }

        // About 1 kB a record: 8 MiB are reached before the rows are.
        var before = Counts();
        Assert.InRange(before.Count, RollUp.MostRows / 3, RollUp.MostRows);
        Assert.InRange(SpoolFile.Read(delivered[0].Path, new()).Header.RecordBytes, 5 << 20, 9 << 20);
        Assert.True(pipeline.TryFinish());
        Assert.Equal(Enumerable.Repeat(1, RollUp.MostRows + 10), Counts());
    }

    [Theory]
    [InlineData(3900, 0)]
    [InlineData(10, 0)]
    // Labels may be larger than all the rest.
    [InlineData(10, 50)]
    public void ABatchOfCountsStaysWithinItsSize(int length, int keys)
    {
        const int Most = 1 << 20;
        spoolLimit = 1 << 28;
        var asked = new EnrichmentConfiguration { NamespaceLabels = [.. Enumerable.Range(0, keys).Select(at => $"key-{at}")] };
        var labels = asked.NamespaceLabels.ToDictionary(key => key, key => new string('v', 63));
        var tags = keys == 0 ? null : new RecordTags(asked, Knowing(asked, labels), _ => { });
        using var pipeline = New(selector: Aggregating, limits: new() { MaxBytes = Most }, tags: tags);
        for (var at = 0; at < (length > 1000 ? 400 : 3000); at++)
        {
            var about = AuditLine.ObjectRef(new('b', length), group: $"g{at}-{new string('a', length)}");
            files.Append("audit.log", [.. AuditLine.Of(about), (byte)'\n']);
        }

        while (pipeline.TryStep())
        {
        }

        Assert.True(delivered.Count > 0);
        // What exceeds it is less than a record.
        Assert.All(delivered, batch =>
            Assert.InRange(SpoolFile.Read(batch.Path, new()).Header.RecordBytes, Most / 2, Most + (32 << 10)));
    }

    [Fact]
    public void ACountHasTheLabelsOfItsNamespaceAndIsCountedIfTheyAreNotKnown()
    {
        var asked = new EnrichmentConfiguration { NamespaceLabels = ["team"] };
        var lacking = 0;
        var known = Knowing(asked, new Dictionary<string, string> { ["team"] = "web" });
        using var pipeline = New(selector: Aggregating, tags: new(asked, known, more => lacking += more));
        Write("a");
        Write("b");
        files.Append("audit.log", [.. AuditLine.Of(AuditLine.ObjectRef("pods", ns: "another")), (byte)'\n']);
        Assert.True(pipeline.TryStep());
        Assert.Equal(0, lacking);
        Assert.True(pipeline.TryFinish());

        var records = Records();
        Assert.Equal(
            """{"tagContext":{"resourceTags":[{"resource":"namespaces","name":"shop","tags":{"team":"web"}}]}}""",
            records[0]["eventContext"]!.ToJsonString());
        Assert.Equal(("main", null), ((string?)records[0]["trail"], records[1]["eventContext"]));
        Assert.Equal((2, 1), (records.Count, lacking));
    }

    static Func<KnownTags> Knowing(EnrichmentConfiguration asked, Dictionary<string, string> labels)
    {
        var known = KnownTags.Of(
            new() { Trail = "main", Node = "cp-1", At = default, Hash = "h", Pods = [], Namespaces = [new("shop", labels)] }, asked);
        return () => known;
    }

    static Selector Aggregating => new(Some.Selectors(new SelectorRule { Level = SelectorLevel.Metadata, Aggregate = true }));

    static DateTimeOffset Cut(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));

    List<int> Counts() => [.. Records().Select(record => (int)record["aggregateDetails"]!["count"]!)];

    List<JsonNode> Records() =>
    [
        .. delivered.SelectMany(batch => PlainBatch.LinesOf(SpoolFile.Read(batch.Path, new()).Content.ToArray()))
            .Select(record => JsonNode.Parse(record)!),
    ];
}

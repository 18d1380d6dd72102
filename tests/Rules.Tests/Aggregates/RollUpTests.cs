using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Aggregates;

public sealed class RollUpTests
{
    readonly JsonIndex index = new();
    readonly AggregateKeyWriter keys = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EveryEventIsInTheCountOfItsOwnKeyAndOfNoOther(int seed)
    {
        var chance = new Random(seed);
        var rollUp = new RollUp();
        // Twice: what was cleared leaves nothing behind.
        for (var round = 0; round < 2; round++)
        {
            var expected = new Dictionary<string, (long Events, string First, string Last, SortedSet<string> Names)>();
            for (var at = 0; at < 3000; at++)
            {
                var line = RandomLine(chance);
                var (key, time, name) = PlainKey(line);
                var known = expected.GetValueOrDefault(key, (0, time, time, []));
                if (name.Length > 0)
                    known.Names.Add(name);
                expected[key] = (
                    known.Events + 1, string.CompareOrdinal(time, known.First) < 0 ? time : known.First,
                    string.CompareOrdinal(time, known.Last) > 0 ? time : known.Last, known.Names);
                Add(rollUp, line, at);
            }

            Assert.Equal((expected.Count, 3000), (rollUp.Count, rollUp.Events));
            Assert.Equal(3000, Enumerable.Range(0, rollUp.Count).Sum(at => rollUp[at].Events));
            for (var at = 0; at < rollUp.Count; at++)
                AssertSame(expected[PlainKey(rollUp[at])], rollUp[at]);
            Assert.InRange(rollUp.Count, 500, 2500);
            rollUp.Clear();
        }
    }

    [Theory]
    [InlineData("2026-11-22T05:34:59.999999Z", 0)]
    [InlineData("2026-11-22T05:35:00.000000Z", 1)]
    [InlineData("2026-11-22T05:39:59.999999Z", 1)]
    [InlineData("2026-11-22T07:39:59.999999+02:00", 1)]
    [InlineData("2026-11-22T05:40:00Z", 2)]
    [InlineData("1970-01-01T00:00:00Z", 3)]
    public void AnEventIsCountedInTheWindowOfItsOwnTimeInWhateverOrderEventsCome(string time, int window)
    {
        var rollUp = new RollUp();
        foreach (var one in new[] { "2026-11-22T05:33:00Z", "2026-11-22T05:38:00Z", "2026-11-22T05:42:00Z", "1970-01-01T00:01:00Z", time })
            Add(rollUp, AuditLine.Of(("stageTimestamp", $"\"{one}\"")), 0);

        Assert.Equal(4, rollUp.Count);
        Assert.Equal([.. Enumerable.Range(0, 4).Select(at => at == window ? 2L : 1L)], Enumerable.Range(0, 4).Select(at => rollUp[at].Events));
        Assert.Equal(0, rollUp[window].Window.Minute % 5);
        Assert.InRange(rollUp[window].LastAt - rollUp[window].Window, TimeSpan.Zero, TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
    }

    [Fact]
    public void ARowKeepsTheFirstAndLastEventAndAFewNames()
    {
        var rollUp = new RollUp();
        for (var at = 0; at < 20; at++)
            Add(rollUp, AuditLine.Of(AuditLine.ObjectRef("secrets", name: $"s-{at % 12}")), 100 + at);

        var row = rollUp[0];
        Assert.Equal((20, 100, 119), (row.Events, row.First.Offset, row.Last.Offset));
        Assert.Equal((RollUp.MostNames, true), (row.Names, row.HasMoreNames));
        Assert.Equal("s-0", Encoding.UTF8.GetString(row.NameAt(0)));
        Assert.Equal("s-7", Encoding.UTF8.GetString(row.NameAt(7)));
    }

    [Theory]
    [InlineData("kubectl/v1.36.4 (linux/amd64) kubernetes/abc", "kubectl")]
    [InlineData("kube-probe/1.36", "kube-probe")]
    [InlineData("Mozilla", "Mozilla")]
    [InlineData("a b", "a")]
    [InlineData("a\\u002fb", "a")]
    [InlineData("", "")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void OfAClientOnlyTheProductIsPartOfTheKey(string userAgent, string product)
    {
        var rollUp = new RollUp();
        Add(rollUp, AuditLine.Of(("userAgent", $"\"{userAgent}\"")), 0);

        Assert.Equal(product, Encoding.UTF8.GetString(rollUp[0][AggregatePart.UserAgent]));
    }

    [Fact]
    public void AnEventThatACountWouldNotDoJusticeToHasNoKey()
    {
        Assert.False(HasKey(AuditLine.Of(("stageTimestamp", "\"yesterday\""))));
        Assert.False(HasKey(AuditLine.Of(("stageTimestamp", null))));
        Assert.False(HasKey(AuditLine.Of(AuditLine.ObjectRef(new('r', AggregateKeyWriter.LongestKey)))));
        Assert.False(HasKey(AuditLine.Of(), new(TruncationReason.LongerThanMaxEventBytes, 1, new byte[32], [])));
        Assert.True(HasKey(AuditLine.Of(AuditLine.ObjectRef(new('r', AggregateKeyWriter.LongestKey / 2)))));
    }

    [Fact]
    public void ItIsFullBeforeAKeyHasNoRoomAndTakesKeysAgainOnceItIsCleared()
    {
        var rollUp = new RollUp(mostRows: 3);
        for (var at = 0; !rollUp.IsFull; at++)
            Add(rollUp, AuditLine.Of(("verb", $"\"v-{at}\"")), at);
        Assert.Equal(3, rollUp.Count);
        Add(rollUp, AuditLine.Of(("verb", "\"v-1\"")), 9);
        Assert.Equal(2, rollUp[1].Events);
        Assert.Throws<InvalidOperationException>(() => Add(rollUp, AuditLine.Of(("verb", "\"new\"")), 10));
        Assert.Equal(4, rollUp.Events);

        rollUp.Clear();
        Add(rollUp, AuditLine.Of(("verb", "\"new\"")), 10);

        Assert.Equal((1, 1L, false), (rollUp.Count, rollUp.Events, rollUp.IsFull));
    }

    [Fact]
    public void LongKeysAndNamesFillItByBytesAndNoneIsLost()
    {
        var rollUp = new RollUp(mostBytes: 64 << 10);
        var added = 0;
        for (; !rollUp.IsFull; added++)
        {
            var path = new string((char)('a' + (added % 26)), 2000 + added);
            Add(rollUp, AuditLine.Of(AuditLine.ObjectRef(path, name: new('n', 200 + (added % 100)))), added);
        }

        Assert.InRange(added, 20, 40);
        Assert.Equal(added, Enumerable.Range(0, rollUp.Count).Sum(at => rollUp[at].Events));
        Assert.InRange(Enumerable.Range(0, rollUp.Count).Sum(at => rollUp[at].TextLength), 50 << 10, 64 << 10);
        // A name has room for as long as rows are only added until it is full.
        Assert.All(Enumerable.Range(0, rollUp.Count), at => Assert.Equal((1, false), (rollUp[at].Names, rollUp[at].HasMoreNames)));
        Assert.InRange(rollUp.RecordBytes, 64 << 10, 128 << 10);
    }

    [Fact]
    public void NothingIsAllocatedForAnEventOnceItHasGrown()
    {
        var rollUp = new RollUp();
        var lines = Enumerable.Range(0, 500).Select(_ => RandomLine(new(_))).ToArray();
        AddAll(rollUp, lines);
        var rows = rollUp.Count;
        rollUp.Clear();
        var before = GC.GetAllocatedBytesForCurrentThread();

        AddAll(rollUp, lines);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(rows, rollUp.Count);
    }

    void AddAll(RollUp rollUp, byte[][] lines)
    {
        for (var at = 0; at < lines.Length; at++)
            Add(rollUp, lines[at], at);
    }

    static void AssertSame((long Events, string First, string Last, SortedSet<string> Names) expected, AggregateRow row)
    {
        Assert.Equal((expected.Events, expected.First, expected.Last), (row.Events, Text(row.FirstAt), Text(row.LastAt)));
        Assert.Equal((Math.Min(expected.Names.Count, RollUp.MostNames), expected.Names.Count > RollUp.MostNames), (row.Names, row.HasMoreNames));
        for (var at = 0; at < row.Names; at++)
            Assert.Contains(Encoding.UTF8.GetString(row.NameAt(at)), expected.Names);
    }

    static byte[] RandomLine(Random chance)
    {
        string Of(params string[] values) => chance.GetItems(values, 1)[0];
        var time = new DateTime(2026, 11, 22, 5, 30, 0, DateTimeKind.Utc).AddSeconds(chance.Next(600));
        var target = chance.Next(8) == 0
            ? new (string, string?)[] { ("objectRef", null), ("requestURI", $"\"{Of("/healthz?a=b", "/healthz", "/metrics")}\"") }
            : [AuditLine.ObjectRef(Of("pods", "secrets"), Of(null!, "log"), Of("", "apps"), Of("shop", "web"), $"n-{chance.Next(20)}")];
        return AuditLine.Of(
        [
            .. target, ("verb", $"\"{Of("get", "list")}\""), ("user", $$"""{"username":"{{Of("ann", "bob", "a\\u006en")}}"}"""),
            ("sourceIPs", Of("[\"1.1.1.1\",\"10.0.0.7\"]", "[\"10.0.0.7\"]", "[]")), ("userAgent", Of("\"k/1\"", "\"k/2\"", "\"other\"")),
            ("responseStatus", Of("{\"code\":200}", "{\"code\":403,\"reason\":\"Forbidden\"}")),
            ("stage", Of("\"ResponseComplete\"", "\"ResponseStarted\"")), ("stageTimestamp", $"\"{Text(time)}\""),
        ]);
    }

    // The key in the plainest words, on the document.
    static (string Key, string Time, string Name) PlainKey(byte[] line)
    {
        var audit = JsonNode.Parse(line)!;
        var (target, text) = (audit["objectRef"], Encoding.UTF8.GetString(line));
        var time = (string)audit["stageTimestamp"]!;
        var minute = DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        var addresses = audit["sourceIPs"]!.AsArray();
        // As it is written: two spellings of a name are two keys.
        var user = text.Contains("a\\u006en", StringComparison.Ordinal) ? "a\\u006en" : (string?)audit["user"]!["username"];
        return (string.Join(
            '|', $"{minute:HH}:{minute.Minute / 5 * 5}", audit["stage"], user, audit["verb"], target?["apiGroup"], target?["resource"],
            target?["subresource"], target?["namespace"], target is null ? ((string)audit["requestURI"]!).Split('?')[0] : "",
            audit["responseStatus"]!["code"], audit["responseStatus"]!["reason"], addresses.LastOrDefault(),
            ((string)audit["userAgent"]!).Split('/')[0]), time, (string?)target?["name"] ?? "");
    }

    static string PlainKey(AggregateRow row)
    {
        var common = row.Common;
        string T(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text);
        return string.Join(
            '|', $"{row.Window:HH}:{row.Window.Minute}", T(common.Stage), T(common.UserName), T(common.Verb), T(common.ApiGroup),
            T(common.Resource), T(common.Subresource), T(common.Namespace), T(common.RequestUri), T(common.StatusCode),
            T(common.StatusReason), T(row[AggregatePart.SourceAddress]), T(common.UserAgent));
    }

    static string Text(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    static string Text(DateTimeOffset time) => Text(time.UtcDateTime);

    bool HasKey(byte[] line, Truncation? truncation = null) =>
        AuditEvent.TryParse(line, index, out var audit, out _, truncation) && keys.TryWrite(audit, out _);

    void Add(RollUp rollUp, byte[] line, long offset)
    {
        if (!AuditEvent.TryParse(line, index, out var audit, out _) || !keys.TryWrite(audit, out var key))
            throw new ArgumentException("No event that can be counted.", nameof(line));
        rollUp.Add(key, new(default, offset));
    }
}

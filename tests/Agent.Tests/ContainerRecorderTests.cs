using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

public sealed class ContainerRecorderTests : IDisposable
{
    readonly ContainerRecorder recorder = new(new("prod", "cp-1", "main"), new ManualTime());

    public void Dispose() => recorder.Dispose();

    [Theory]
    [InlineData("""{"level": "info"}""", """{"level": "info"}""")]
    [InlineData("[1]", "\"[1]\"")]
    [InlineData("{broken", "\"{broken\"")]
    [InlineData("a\u0001\"b", "\"a\\u0001\\\"b\"")]
    public void WithJsonAnObjectStaysAsItIs(string text, string message)
    {
        var made = Record(text, new() { Namespaces = ["shop"], Format = OutputFormat.Json }, out var outcome);

        Assert.Equal(Recorded.Event, outcome);
        Assert.EndsWith($"\"message\":{message}}}}}\n", made, StringComparison.Ordinal);
        var record = JsonNode.Parse(made)!;
        Assert.Equal(("Workload", "container", "stdout"),
            ((string)record["eventCategory"]!, (string)record["eventSource"]!, (string)record["eventName"]!));
        Assert.Equal("cart-0", (string?)record["objectRef"]!["name"]);
    }

    [Fact]
    public void TextStaysText() =>
        Assert.Equal("{}", (string?)JsonNode.Parse(Record("{}", new() { Namespaces = ["shop"] }, out _))!["event"]!["message"]);

    [Theory]
    [InlineData("""{"level":"error"}""", Recorded.Event)]
    [InlineData("""{"level":"info"}""", Recorded.NotSelected)]
    [InlineData("text", Recorded.NotSelected)]
    public void ConditionsAreOnTheMessage(string text, object expected)
    {
        Record(text, new()
        {
            Namespaces = ["shop"],
            Format = OutputFormat.Json,
            Fields = [new() { Path = "message.level", Operator = FieldOperator.Equals, Values = ["error"] }],
        }, out var outcome);

        Assert.Equal((Recorded)expected, outcome);
    }

    [Fact]
    public void AnotherStreamIsNotRecorded()
    {
        Record("x", new() { Namespaces = ["shop"], Streams = [ContainerStream.Stderr] }, out var outcome);

        Assert.Equal(Recorded.NotSelected, outcome);
    }

    string Record(string text, ContainerRule rule, out Recorded outcome)
    {
        var line = new ContainerLine();
        var bytes = Encoding.UTF8.GetBytes(text);
        line.Set(new("shop", "cart-0", "u-1", "app", [new OutputRule(rule)]), "2026-11-26T10:00:00.1Z"u8, false, bytes.Length, false);
        var recorded = recorder.Record(new(bytes, default, null, container: line));
        outcome = recorded.Outcome;
        return Encoding.UTF8.GetString(recorded.Record);
    }
}

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

    [Theory]
    [InlineData("""{"level":"info", "password":"x","msg" : {"a":[1]} }""", """{"level":"info","msg" : {"a":[1]}}""", """{"names":["password"],"members":1}""")]
    [InlineData("""{"pass":"x","token":"y"}""", "{}", """{"names":["pass","token"],"members":2}""")]
    [InlineData("""{"level":1,"level":2,"l\u0065vel":3,"q\"":4}""", """{"level":1,"level":2,"l\u0065vel":3}""", """{"names":["q\""],"members":1}""")]
    [InlineData("secret text", "\"\"", """{"text":true}""")]
    [InlineData("""{"level":"info","secret":"x" """, "\"\"", """{"text":true}""")]
    public void OnlyTheMembersThatAreAskedForAreKept(string text, string message, string omitted)
    {
        var made = Record(text, Keeping("level", "msg"), out _);

        Assert.EndsWith($"\"message\":{message}}}}}\n", made, StringComparison.Ordinal);
        Assert.Contains($"\"omitted\":{omitted},\"messageBytes\":{Encoding.UTF8.GetByteCount(text)},", made, StringComparison.Ordinal);
        Assert.NotNull(JsonNode.Parse(made.Replace("\"level\":1,", "", StringComparison.Ordinal).Replace("\"level\":2,", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatIsKeptWholeSaysNothingOfWhatIsOmitted()
    {
        Assert.DoesNotContain("omitted", Record("""{"level":"info"}""", Keeping("level"), out _), StringComparison.Ordinal);
        Assert.DoesNotContain("omitted", Record("{}", Keeping("level"), out _), StringComparison.Ordinal);
    }

    [Fact]
    public void OfManyMembersLeftOutTheFirstHundredAreNamed()
    {
        var text = $"{{{string.Join(',', Enumerable.Range(0, 150).Select(at => $"\"m{at}\":{at}"))}}}";

        var omitted = JsonNode.Parse(Record(text, Keeping("level"), out _))!["event"]!["omitted"]!;

        Assert.Equal((100, 150), (omitted["names"]!.AsArray().Count, (int)omitted["members"]!));
    }

    [Fact]
    public void ALineThatTwoRulesAskForKeepsWhatEitherKeeps()
    {
        const string Text = """{"level":"error","msg":"m","user":"u","password":"p"}""";
        FieldCondition isInfo = new() { Path = "message.level", Operator = FieldOperator.Equals, Values = ["info"] };

        Assert.EndsWith("""
            "message":{"level":"error","msg":"m","user":"u"}}}
            """ + "\n", RecordBoth(Text, [Keeping("level", "user"), Keeping("msg")], out _), StringComparison.Ordinal);
        Assert.EndsWith("""
            "message":{"level":"error"}}}
            """ + "\n", RecordBoth(Text, [Keeping("level"), Keeping("password") with { Fields = [isInfo] }], out _), StringComparison.Ordinal);
        Assert.EndsWith(Text + "}}\n", RecordBoth(Text, [Keeping("level"), Keeping() with { Only = [] }], out _), StringComparison.Ordinal);
        Assert.EndsWith(
            """{"level":"error"}}}""" + "\n", RecordBoth(Text, [Keeping("level"), Keeping() with { Only = [], Fields = [isInfo] }], out _),
            StringComparison.Ordinal);
    }

    static ContainerRule Keeping(params string[] only) => new() { Namespaces = ["shop"], Format = OutputFormat.Json, Only = only };

    [Fact]
    public void AnotherStreamIsNotRecorded()
    {
        Record("x", new() { Namespaces = ["shop"], Streams = [ContainerStream.Stderr] }, out var outcome);

        Assert.Equal(Recorded.NotSelected, outcome);
    }

    string Record(string text, ContainerRule rule, out Recorded outcome) => RecordBoth(text, [rule], out outcome);

    string RecordBoth(string text, IReadOnlyList<ContainerRule> rules, out Recorded outcome)
    {
        var line = new ContainerLine();
        var bytes = Encoding.UTF8.GetBytes(text);
        line.Set(new("shop", "cart-0", "u-1", "app", [.. rules.Select(rule => new OutputRule(rule))]), "2026-11-26T10:00:00.1Z"u8, false, bytes.Length, false);
        var recorded = recorder.Record(new(bytes, default, null, container: line));
        outcome = recorded.Outcome;
        return Encoding.UTF8.GetString(recorded.Record);
    }
}

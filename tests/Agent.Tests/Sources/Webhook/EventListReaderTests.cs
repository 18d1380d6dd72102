using System.Text;
using System.Text.Json;
using ClusterTrail.Agent.Sources.Webhook;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Webhook;

public sealed class EventListReaderTests
{
    const string Start = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":";

    [Fact]
    public void AnItemWithoutKindBecomesALineAsTheLogBackendWritesIt()
    {
        var line = AuditLine.Of();
        var item = Encoding.UTF8.GetString(AuditLine.Of(("kind", null), ("apiVersion", null)));

        Assert.Equal([Encoding.UTF8.GetString(line)], Lines($"{Start}[{item}]}}\n"));
    }

    [Fact]
    public void AnItemWithAKindIsKeptByteForByte()
    {
        var item = Encoding.UTF8.GetString(AuditLine.Of());

        Assert.Equal([item, item], Lines($"{Start}[{item},{item}]}}"));
    }

    [Fact]
    public void MembersMayComeInAnyOrderAndWithWhiteSpace()
    {
        var lines = Lines(" {\r\n\t\"items\" : [ {\n  \"level\": \"Metadata\"\r\n } ] , \"apiVersion\":\"audit.k8s.io/v1\", \"kind\" : \"EventList\" } ");

        var line = Assert.Single(lines);
        Assert.Equal("Metadata", JsonDocument.Parse(line).RootElement.GetProperty("level").GetString());
        Assert.Equal("Event", JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("[ ]")]
    public void AListMayBeEmpty(string items) => Assert.Empty(Lines($"{Start}{items}}}"));

    [Fact]
    public void WhatIsInAStringSeparatesNothing()
    {
        const string item = """{"kind":"Event","a":"},{\"]\\","b":["}"]}""";

        Assert.Equal([item, item], Lines($"{Start}[{item},{item}]}}"));
    }

    [Fact]
    public void AnItemNestedWithoutEndIsALineAndNoStackOverflow()
    {
        var deep = $"{{\"kind\":\"Event\",\"a\":{new string('[', 1_000_000)}{new string(']', 1_000_000)}}}";

        Assert.Equal([deep], Lines($"{Start}[{deep}]}}"));
    }

    [Fact]
    public void AnEventThatIsBrokenInsideTakesNoOtherWithIt()
    {
        var good = Encoding.UTF8.GetString(AuditLine.Of());

        Assert.Equal([good, "{\"kind\":\"Event\",\"a\":nonsense,,}", good], Lines($"{Start}[{good},{{\"kind\":\"Event\",\"a\":nonsense,,}},{good}]}}"));
    }

    [Fact]
    public void ManyItemsThatAreNoEventsTakeNoMoreMemoryThanTheyHave()
    {
        var body = $"{Start}[{string.Join(',', Enumerable.Repeat("{}", 100_000))}]}}";

        var refused = Assert.Throws<EventListException>(() => EventListReader.Read(Encoding.UTF8.GetBytes(body), new PooledBytes()));

        Assert.Equal("The items are too small to be events.", refused.Message);
    }

    [Theory]
    [InlineData("", "begin with an object")]
    [InlineData("[]", "begin with an object")]
    [InlineData("{}", "no kind or no apiVersion")]
    [InlineData("{\"kind\":\"EventList\",\"items\":[]}", "no kind or no apiVersion")]
    [InlineData("{\"kind\":\"PodList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[]}", "kind is not")]
    [InlineData("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1beta1\",\"items\":[]}", "apiVersion is not")]
    [InlineData(Start + "[1]}", "an item is not an object")]
    [InlineData(Start + "[{}", "between two items")]
    [InlineData(Start + "[{},]}", "an item is not an object")]
    [InlineData(Start + "[{}]", "where it must end")]
    [InlineData(Start + "[{}]} x", "where it must end")]
    [InlineData(Start + "{}}", "items is not an array")]
    [InlineData(Start + "[],\"items\":[]}", "items is there twice")]
    [InlineData(Start + "[{\"a\":\"", "within a string")]
    [InlineData(Start + "[{\"a\":", "within an object")]
    [InlineData("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\"}", "without items")]
    [InlineData("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"Items\":[{}]}", "without items")]
    [InlineData("{\"kind\"}", "has no value")]
    [InlineData("{\"kind\":}", "value is missing")]
    public void AnythingElseIsRefusedWithASentence(string body, string sentence)
    {
        var refused = Assert.Throws<EventListException>(() => Lines(body));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhateverComesItIsLinesOrASentence() => RandomSequences.Run(20_000, seed =>
    {
        var random = new Random(seed);
        var items = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(3) == 0
            ? "{}" : Encoding.UTF8.GetString(AuditLine.Of(("kind", null), ("apiVersion", null))));
        var body = Encoding.UTF8.GetBytes($"{Start}[{string.Join(',', items)}]}}");
        for (var damage = random.Next(4); damage > 0; damage--)
        {
            if (random.Next(2) == 0)
                body = body[..random.Next(body.Length + 1)];
            else if (body.Length > 0)
                body[random.Next(body.Length)] = (byte)"{}[]\",:\\\n\0 x\xff"[random.Next(13)];
        }

        using var lines = new PooledBytes();
        try
        {
            var count = EventListReader.Read(body, lines);
            Assert.Equal(count, lines.Written.Span.Count((byte)'\n'));
            foreach (var line in Encoding.Latin1.GetString(lines.Written.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.StartsWith("{", line, StringComparison.Ordinal);
                AuditEvent.TryParse(Encoding.Latin1.GetBytes(line), new JsonIndex(), out _, out _);
            }
        }
        catch (EventListException e)
        {
            Assert.NotEmpty(e.Message);
        }
    });

    static string[] Lines(string body)
    {
        using var lines = new PooledBytes();
        var count = EventListReader.Read(Encoding.UTF8.GetBytes(body), lines);
        var text = Encoding.UTF8.GetString(lines.Written.Span).Split('\n')[..^1];
        Assert.Equal(count, text.Length);
        return text;
    }
}

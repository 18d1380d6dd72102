using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Events;

public sealed class EventReducerTests
{
    const int Small = 4096;
    const int StringRoom = 1024;

    [Fact]
    public void WhatFitsIsKeptWhole() => RandomSequences.Run(300, seed =>
    {
        var random = new Random(seed);
        var json = RandomJson(random, 60, 100);

        var (reduced, cuts) = Reduce(json, 1 << 20, random);

        Assert.Empty(cuts);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(reduced)));
    });

    [Fact]
    public void OfWhatDoesNotFitEachCutIsNamed() => RandomSequences.Run(300, seed =>
    {
        var random = new Random(seed);
        var json = RandomJson(random, 600, 4000);

        var (reduced, cuts) = Reduce(json, Small, random);

        Assert.InRange(reduced.Length, 2, 4_000_000);
        using var original = JsonDocument.Parse(json);
        using var kept = JsonDocument.Parse(reduced);
        var named = cuts.ToDictionary(cut => cut.Pointer, cut => cut.Bytes);
        Compare(original.RootElement, kept.RootElement, "", named);
        Assert.Empty(named);
    });

    [Fact]
    public void TheMembersOfAnEventAreAllThereWhateverIsInThemAndNoBodyTakesTheRoomOfAnother()
    {
        var json = $$"""
            {"level":"RequestResponse","requestURI":"/{{new string('x', 900_000)}}",
             "userAgent":"{{new string('x', 4_000_000)}}","verb":"create",
             "user":{"username":"eve","groups":[{{string.Join(',', Enumerable.Repeat("\"g\"", 400_000))}}] },
             "objectRef":{"resource":"secrets","name":"{{new string('n', 70_000)}}" },
             "requestObject":{"a":[{{string.Join(',', Enumerable.Range(0, 90_000))}}],"b":1 },
             "responseObject":{"c":1},"stageTimestamp":"t","annotations":{"d":"e"} }
            """;

        var (reduced, cuts) = Reduce(json, Small, new Random(1));

        var kept = JsonNode.Parse(reduced)!;
        Assert.Equal("eve", (string?)kept["user"]!["username"]);
        Assert.Equal(
            ("create", "secrets", "t"),
            ((string?)kept["verb"], (string?)kept["objectRef"]!["resource"], (string?)kept["stageTimestamp"]));
        Assert.Equal((1, "e"), ((int?)kept["responseObject"]!["c"], (string?)kept["annotations"]!["d"]));
        Assert.Equal(
            ["/userAgent 4000000", "/user/groups 1600001", "/objectRef/name 70000", "/requestObject/a 528891", "/requestObject 528904"],
            cuts.Select(cut => $"{cut.Pointer} {cut.Bytes}"));
        Assert.All(cuts, cut => Assert.Contains(reduced[cut.Position], "\"[{"));
    }

    [Theory]
    [InlineData("""{"a":"\u003c\u003e\u0026\u003C\ufffd"}""", """{"a":"<>&<�"}""")]
    [InlineData("""{"a":"\ud83d\ude00\"\\u003c"}""", """{"a":"\ud83d\ude00\"\\u003c"}""")]
    [InlineData("""  { "a" : [ 1 , -2.5e3 , true , null , { } , [ ] ] }  """, """{"a":[1,-2.5e3,true,null,{},[]]}""")]
    public void EscapesOfHtmlAndSpacesGo(string json, string expected) => Assert.Equal(expected, Reduce(json, Small, new Random(1)).Text);

    [Theory]
    [InlineData("\"\\ud83d\\ude00\"", 2)]
    [InlineData("\"é\"", 1)]
    [InlineData("\"\\n\"", 1)]
    [InlineData("\"😀\"", 1)]
    public void AStringIsCutBetweenCharacters(string one, int unitsOfText)
    {
        for (var before = StringRoom - 14; before <= StringRoom; before++)
        {
            var text = new string('x', before) + string.Concat(Enumerable.Repeat(one[1..^1], 20));
            var (reduced, cuts) = Reduce($$"""{"requestObject":{"b":"{{text}}" } }""", Small, new Random(before));

            var kept = (string)JsonNode.Parse(reduced)!["requestObject"]!["b"]!;
            Assert.DoesNotContain('\uFFFD', kept);
            Assert.StartsWith(kept, (string)JsonNode.Parse($"\"{text}\"")!);
            Assert.Equal(0, (kept.Length - before) % unitsOfText);
            Assert.Equal(Encoding.UTF8.GetByteCount(text), Assert.Single(cuts).Bytes);
        }
    }

    [Fact]
    public void WhatIsNestedTooDeepIsCut()
    {
        var deep = $"{new string('[', 5000)}{new string(']', 5000)}";
        using var reducer = new EventReducer(1 << 20);
        reducer.Start();
        reducer.Append(Encoding.UTF8.GetBytes($$"""{"verb":"get","a":{{deep}},"z":1}"""));

        Assert.True(reducer.IsWhole);
        Assert.Equal(TruncationReason.NestedTooDeep, reducer.Reason);
        Assert.True(new JsonIndex().TryIndex(reducer.Text));
        Assert.EndsWith("""null]""" + new string(']', JsonIndex.MaxDepth - 3) + ""","z":1}""", Encoding.UTF8.GetString(reducer.Text));
        Assert.Equal(10_000 - (2 * (JsonIndex.MaxDepth - 2)), Assert.Single(reducer.Cuts).Bytes);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF }, "\uFFFD")]
    [InlineData(new byte[] { 0xC3, (byte)'x' }, "\uFFFDx")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD")]
    [InlineData(new byte[] { 0xE2, 0x82 }, "\uFFFD")]
    public void BytesThatAreNotUtf8AreReplaced(byte[] bytes, string expected)
    {
        using var reducer = new EventReducer(Small);
        reducer.Start();
        reducer.Append([.. "{\"a\":\"b"u8, .. bytes, .. "\"}"u8]);

        Assert.True(reducer.IsWhole);
        Assert.Equal(TruncationReason.NotUtf8, reducer.Reason);
        Assert.Equal("b" + expected, (string?)JsonNode.Parse(reducer.Text)!["a"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("\"a\"")]
    [InlineData("{")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{\"a\":[1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("{\"a\":1}}")]
    [InlineData("{\"a\":1} x")]
    [InlineData("{\"a\":\"b}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12g4\"}")]
    [InlineData("{\"a\":\"\u0001\"}")]
    [InlineData("{a:1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    public void WhatIsNoObjectOfJsonIsNotWhole(string text)
    {
        using var reducer = new EventReducer(Small);
        reducer.Start();
        reducer.Append(Encoding.UTF8.GetBytes(text));

        Assert.False(reducer.IsWhole);
    }

    [Fact]
    public void OneReducerReducesOneEventAfterAnother()
    {
        using var reducer = new EventReducer(Small);
        foreach (var text in new[] { "{\"a\":\"b", "{\"a\":1}", "{\"a\":\"\xFF\"}" })
        {
            reducer.Start();
            reducer.Append(Encoding.Latin1.GetBytes(text));
        }

        Assert.Equal(TruncationReason.NotUtf8, reducer.Reason);
        reducer.Start();
        reducer.Append("{\"b\":2}"u8);
        Assert.True(reducer.IsWhole);
        Assert.Null(reducer.Reason);
        Assert.Equal("""{"b":2}""", Encoding.UTF8.GetString(reducer.Text));
    }

    static (string Text, IReadOnlyList<Cut> Cuts) Reduce(string json, int maxEventBytes, Random random)
    {
        using var reducer = new EventReducer(maxEventBytes);
        reducer.Start();
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(json);
        while (!rest.IsEmpty)
        {
            var length = Math.Min(rest.Length, random.Next(1, 3) == 1 ? random.Next(1, 8) : random.Next(1, 5000));
            reducer.Append(rest[..length]);
            rest = rest[length..];
        }

        Assert.True(reducer.IsWhole, json[..Math.Min(json.Length, 1000)]);
        Assert.True(new JsonIndex().TryIndex(reducer.Text));
        return (Encoding.UTF8.GetString(reducer.Text), [.. reducer.Cuts]);
    }

    static void Compare(JsonElement original, JsonElement kept, string pointer, Dictionary<string, long> cuts)
    {
        Assert.Equal(original.ValueKind, kept.ValueKind);
        var isCut = cuts.Remove(pointer, out var bytes);
        if (isCut)
        {
            var written = original.GetRawText();
            Assert.Equal(Encoding.UTF8.GetByteCount(written) - (original.ValueKind == JsonValueKind.String ? 2 : 0), bytes);
        }

        switch (original.ValueKind)
        {
            case JsonValueKind.Object:
                var members = original.EnumerateObject().ToList();
                var left = kept.EnumerateObject().ToList();
                Assert.True(isCut ? left.Count <= members.Count : left.Count == members.Count, pointer);
                foreach (var (one, other) in members.Zip(left))
                {
                    Assert.StartsWith(other.Name, one.Name);
                    Compare(one.Value, other.Value, $"{pointer}/{other.Name}", cuts);
                }

                break;
            case JsonValueKind.Array:
                var (length, whole) = (kept.GetArrayLength(), original.GetArrayLength());
                Assert.True(isCut ? length < whole : length == whole, pointer);
                foreach (var (at, (one, other)) in original.EnumerateArray().Zip(kept.EnumerateArray()).Index())
                {
                    Compare(one, other, $"{pointer}/{at}", cuts);
                }

                break;
            case JsonValueKind.String when isCut:
                Assert.StartsWith(kept.GetString()!, original.GetString()!);
                Assert.NotEqual(kept.GetString(), original.GetString());
                break;
            default:
                Assert.Equal(original.ToString(), kept.ToString());
                break;
        }
    }

    static string RandomJson(Random random, int values, int longest)
    {
        var left = values;
        return $"{{{string.Join(',', Enumerable.Range(0, 8).Select(at => $"\"{Top(at)}\":{Value(3)}"))}}}";

        string Top(int at) => at switch { 2 => "requestObject", 5 => "responseObject", 6 => "user", _ => $"m{at}" };

        string Value(int depth) => left-- < 0 ? "0" : random.Next(depth > 0 ? 8 : 4) switch
        {
            0 => $"{random.Next(-1000, 1000)}",
            1 => random.Next(3) switch { 0 => "true", 1 => "false", _ => "null" },
            2 => $"\"{Text(random.Next(20))}\"",
            3 => $"\"{Text(random.Next(longest))}\"",
            4 or 5 => $"[{string.Join(',', Enumerable.Range(0, random.Next(40)).Select(_ => Value(depth - 1)))}]",
            _ => $"{{{string.Join(',', Enumerable.Range(0, random.Next(40)).Select(at => $"\"k{at}\":{Value(depth - 1)}"))}}}",
        };

        string Text(int length) => string.Concat(Enumerable.Range(0, length / 3)
            .Select(_ => random.Next(40) switch { 0 => "é", 1 => "\\n", 2 => "\\u003c", 3 => "\\\"", _ => "abc" }));
    }
}

using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Events;

public sealed class JsonIndexTests
{
    readonly JsonIndex index = new();

    [Fact]
    public void EveryLineOfARealLogIsIndexedAsTheReaderReadsIt()
    {
        foreach (var line in RealLog.Lines)
            Assert.True(JsonReference.AssertAgrees(index, line));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RealLinesWithRandomDamageAreJudgedAsTheReaderJudgesThem(int seed)
    {
        var lines = RealLog.Lines.Where(line => line.Length < 4000).ToArray();
        var texts = new JsonTexts(seed);
        var chance = new Random(seed);
        var valid = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var text = texts.Mutated(lines[chance.Next(lines.Length)], lines[chance.Next(lines.Length)]);

            valid += JsonReference.AssertAgrees(index, text) ? 1 : 0;
        }

        Assert.InRange(valid, 1000, 9000);
    }

    [Fact]
    public void GeneratedTextsAreIndexedAsTheReaderReadsThem()
    {
        var texts = new JsonTexts(3);
        for (var round = 0; round < 20_000; round++)
        {
            var text = texts.Valid();

            Assert.True(JsonReference.AssertAgrees(index, text));
        }
    }

    [Fact]
    public void GeneratedTextsWithRandomDamageAreJudgedAsTheReaderJudgesThem()
    {
        var texts = new JsonTexts(4);
        for (var round = 0; round < 20_000; round++)
        {
            var text = texts.Mutated(texts.Valid(), texts.Valid());

            JsonReference.AssertAgrees(index, text);
        }
    }

    [Fact]
    public void TokensInAnyOrderAreJudgedAsTheReaderJudgesThem()
    {
        var texts = new JsonTexts(5);
        var valid = 0;
        for (var round = 0; round < 40_000; round++)
        {
            var text = texts.Soup();

            valid += JsonReference.AssertAgrees(index, text) ? 1 : 0;
        }

        Assert.InRange(valid, 1000, 20_000);
    }

    [Theory]
    [InlineData("\"\\\"\"")]
    [InlineData("\"\\\\\"")]
    [InlineData("\"\\\\\\\"\"")]
    [InlineData("\"\\\\\\\\\\\\\\\\\"")]
    [InlineData("\"\\u00e9\"")]
    [InlineData("\"\\uD83D\\uDE00\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"\\udc00\\ud800\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\u12g4\"")]
    [InlineData("\"\\x\"")]
    [InlineData("\"\\")]
    [InlineData("\"\\\"")]
    [InlineData("\"ä€😀\"")]
    [InlineData("\"a\u001fb\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("\"\u007f\"")]
    [InlineData("-12.5e+10")]
    [InlineData("-12.5e+")]
    [InlineData("true")]
    [InlineData("truex")]
    [InlineData("\"a\"\"b\"")]
    [InlineData("1\"b\"")]
    [InlineData("\"b\"1")]
    [InlineData("[\"\"]")]
    [InlineData("{\"\":{}}")]
    [InlineData("\t\r\n1")]
    [InlineData("\v1")]
    public void WhatStraddlesTheBordersOfBlocksIsJudgedAsTheReaderJudgesIt(string text)
    {
        for (var padding = 0; padding <= 130; padding++)
        {
            var spaces = new string(' ', padding);
            var letters = new string('x', padding);

            JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes($"{spaces}{text}"));
            JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes($"{spaces}[{text}]{spaces}"));
            JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes($"[\"{letters}\",{text}]"));
            JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes($"{{\"{letters}\":{text},\"b\":{text}}}"));
            if (text.StartsWith('"'))
                JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes($"{{\"{letters}{text[1..]}:[{text}]}}"));
        }
    }

    [Fact]
    public void RunsOfBackslashesOfAnyLengthAtAnyPlaceAreJudgedAsTheReaderJudgesThem()
    {
        for (var padding = 0; padding <= 66; padding++)
        {
            for (var run = 1; run <= 67; run++)
                JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes($"[\"{new string('x', padding)}{new string('\\', run)}\",\"b\"]"));
        }
    }

    [Fact]
    public void BytesThatAreNotUtf8AreRefusedWhereverTheyStand()
    {
        byte[][] broken = [[0x80], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82], [0xff]];
        for (var padding = 0; padding <= 130; padding++)
        {
            foreach (var bytes in broken)
                Assert.False(index.TryIndex([.. "[\""u8, .. Enumerable.Repeat((byte)'x', padding), .. bytes, .. "\"]"u8]));
        }
    }

    // The reader takes an escape of half a surrogate pair for a token, and only GetString refuses it. Go, and with it the
    // API server, reads it as U+FFFD; to refuse the line for it would let a client have its events kept as Unparsable.
    [Theory]
    [InlineData("[\"\\ud800\"]")]
    [InlineData("[\"\\udc00\"]")]
    [InlineData("[\"\\ud800x\"]")]
    [InlineData("[\"\\ud800\\ud800\"]")]
    [InlineData("[\"\\ud800\\n\"]")]
    public void AnEscapedHalfOfASurrogatePairIsTaken(string text) => Assert.True(JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5000)]
    public void NestingIsTakenDownTo512(int depth)
    {
        var lists = new string('[', depth) + new string(']', depth);
        var objects = string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

        var valid = JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes(lists));

        Assert.Equal(depth <= JsonIndex.MaxDepth, valid);
        Assert.Equal(valid, JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes(objects)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{\"a\":1}{\"a\":1}")]
    [InlineData("{\"a\":1}\n{\"a\":1}")]
    [InlineData("{\"a\":1},")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,}")]
    [InlineData("{\"a\"}")]
    [InlineData("{1:2}")]
    [InlineData("[}")]
    [InlineData("{]")]
    [InlineData("[1:2]")]
    [InlineData("[{\"a\":[}]]")]
    [InlineData("{\"a\":}")]
    [InlineData("// no\n1")]
    [InlineData("\ufeff{}")]
    public void WhatIsNotOneJsonTextIsRefused(string text) => Assert.False(JsonReference.AssertAgrees(index, Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void EveryTruncationOfALineIsRefused()
    {
        var line = RealLog.Lines.First(line => line.Length > 2000);
        for (var length = 0; length < line.Length; length++)
            Assert.False(index.TryIndex(line.AsSpan(0, length)), $"{length}");
    }

    [Fact]
    public void ALargeTextIsIndexed()
    {
        var text = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Range(0, 200_000))}]");

        Assert.True(JsonReference.AssertAgrees(index, text));
    }

    [Fact]
    public void AnIndexCanBeUsedAgainAfterARefusal()
    {
        Assert.False(index.TryIndex("[[[[\"\\"u8));

        Assert.True(JsonReference.AssertAgrees(index, "{\"a\":[1,{}]}"u8.ToArray()));
    }
}

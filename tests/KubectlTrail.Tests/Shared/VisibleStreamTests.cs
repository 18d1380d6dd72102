using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Shared;

public sealed class VisibleStreamTests
{
    static readonly string[] Pieces =
        ["a", "é", "漢", "😀", "\\n", "\\u202e", "\u202e", "\u2028", "\u200b", "\u009b2J", "\u007f", "\U000e0041", "\ufeff"];

    [Fact]
    public void ItIsTheSameJsonHoweverItIsWritten() => RandomSequences.Run(500, seed =>
    {
        var random = new Random(seed);
        var json = $"{{\"a\":\t\"{string.Concat(random.GetItems(Pieces, random.Next(40)))}\"}}\n";

        var shown = Show(random, Encoding.UTF8.GetBytes(json));

        Assert.Equal((string?)JsonNode.Parse(json)!["a"], (string?)JsonNode.Parse(shown)!["a"]);
        Assert.All(shown.EnumerateRunes(), rune => Assert.True(rune.Value is '\n' or '\t' || Printable.IsHarmless(rune)));
    });

    [Fact]
    public void WhatIsNoUtf8DoesNotReachTheTerminal()
    {
        var shown = Show(new(1), [(byte)'"', 0x9b, (byte)'2', (byte)'J', 0xff, (byte)'"', (byte)'\r', (byte)'\n']);

        Assert.Equal("\"\ufffd2J\ufffd\" \n", shown);
    }

    // In pieces that end anywhere, also within a character.
    static string Show(Random random, byte[] text)
    {
        using var terminal = new MemoryStream();
        using var visible = new VisibleStream(terminal);
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, 7), text.Length - at);
            visible.Write(text, at, length);
            at += length;
        }

        visible.Flush();
        return Encoding.UTF8.GetString(terminal.ToArray());
    }
}

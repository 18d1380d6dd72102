using System.Text;
using System.Text.Json;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Printing;

public sealed class CellTextTests
{
    static readonly string[] Spellings = ["a", "é", "漢", "😀", "\\n", "\\\"", "\\u00e9", "\\ud83d\\ude00", "\\uD83D\\uDE00"];

    [Fact]
    public void ALongValueIsCutBetweenCharacters() => RandomSequences.Run(2000, seed =>
    {
        var random = new Random(seed);
        var spelled = string.Concat(random.GetItems(Spellings, random.Next(2 * CellText.MostBytes)));
        var whole = Read($"\"{spelled}\"", reader => reader.GetString()!);

        var shown = Read($"\"{spelled}\"", reader => CellText.Of(ref reader));

        if (Encoding.UTF8.GetByteCount(spelled) <= CellText.MostBytes)
        {
            Assert.Equal(whole, shown);
            return;
        }

        var kept = shown[..^CellText.Cut.Length];
        Assert.EndsWith(CellText.Cut, shown, StringComparison.Ordinal);
        Assert.StartsWith(kept, whole, StringComparison.Ordinal);
        Assert.False(char.IsHighSurrogate(kept[^1]));
        // Nothing is spelled longer than 12 bytes a character.
        Assert.InRange(Encoding.UTF8.GetByteCount(kept), CellText.MostBytes / 12 - 12, CellText.MostBytes);
    });

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800x")]
    public void HalfACharacterIsShownAsItIsSpelled(string half) =>
        Assert.StartsWith(half, Read($"\"{half}{new string('x', 5000)}\"", reader => CellText.Of(ref reader)), StringComparison.Ordinal);

    [Fact]
    public void BytesThatAreNoTextAreCutToo()
    {
        byte[] json = [(byte)'"', .. Enumerable.Repeat((byte)0xff, 5000), (byte)'"'];
        var reader = new Utf8JsonReader(json);
        reader.Read();

        Assert.InRange(CellText.Of(ref reader).Length, 1, CellText.MostBytes + 1);
    }

    [Fact]
    public void ALongNumberIsCut() =>
        Assert.Equal(new string('1', CellText.MostBytes) + "…", Read(new string('1', 5000), reader => CellText.Of(ref reader)));

    delegate string Reading(Utf8JsonReader reader);

    static string Read(string json, Reading read)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return read(reader);
    }
}

using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

/// <summary>Whatever lies in a bucket of EKS or GKE: nothing fails, what becomes a line is counted, and memory is bounded.</summary>
public sealed class BucketFuzzTests
{
    // A control character of one byte becomes an escape of six.
    const int MostGrowth = 6;

    static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"messageType\":", "\"logEvents\":[", "\"message\":", "\"protoPayload\":", "\"@type\":", "\\", "\"", "\\u", "\\ud800", "\\n",
        "\n", "\0", "null", "5e999", "-", "\"\\ud800xxxxxxxxxxx\":1,", "\uFEFF", "𝒳", ",", ":",
    ];

    [Fact]
    public void DamagedObjectsOfEksAreRecordedOrCounted() => RandomSequences.Run(2000, seed => Check(
        CloudWatchEnvelope.Unwrap, new Random(seed), FeedTextsOf.Envelope([FeedTextsOf.Event("1"), FeedTextsOf.Event("2")])));

    [Fact]
    public void DamagedObjectsOfGkeAreRecordedOrCounted() => RandomSequences.Run(2000, seed => Check(
        GkeLogEntry.Unwrap, new Random(seed), GkeLogEntryTests.Entry));

    static void Check(FeedUnwrapping unwrap, Random random, string whole)
    {
        List<byte> text = [.. Encoding.UTF8.GetBytes(whole)];
        for (var times = random.Next(5); times > 0 && text.Count > 0; times--)
            Damage(text, random);
        using var stored = new MemoryStream([.. text]);

        var (lines, counts, _) = FeedTextsOf.ReadAsync(unwrap, stored).GetAwaiter().GetResult();

        Assert.Equal(lines.Count, counts.Events + counts.Unreadable);
        Assert.True(counts.Cut <= counts.Events);
        Assert.All(lines, line => Assert.True(line.Length <= (MostGrowth * text.Count) + 2000));
    }

    static void Damage(List<byte> text, Random random)
    {
        var at = random.Next(text.Count);
        switch (random.Next(5))
        {
            case 0:
                text[at] = (byte)random.Next(256);
                break;
            case 1:
                text.RemoveRange(at, Math.Min(random.Next(40), text.Count - at));
                break;
            case 2:
                text.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                break;
            case 3:
                text.InsertRange(at, [.. text[random.Next(at + 1)..at]]);
                break;
            default:
                text.RemoveRange(at, text.Count - at);
                break;
        }
    }
}

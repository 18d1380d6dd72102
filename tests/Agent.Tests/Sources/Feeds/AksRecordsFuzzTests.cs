using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

/// <summary>Whatever comes out of an event hub: nothing fails, nothing is left out without being counted, and memory is bounded.</summary>
public sealed class AksRecordsFuzzTests
{
    // A control character of one byte becomes an escape of six.
    const int MostGrowth = 6;

    static readonly string[] Pieces =
    [
        "{\"records\":[", "]}", "{", "}", "[", "]", "\"properties\":", "\"log\":", "\"category\":\"kube-audit\",", "\"time\":", "\\", "\"",
        "\\u", "\\ud800", "\\n", "\n", "\0", "null", "5e999", "-", "\"records\":", "\uFEFF", "𝒳", ",", ":", "\"annotations\":{}",
    ];

    [Fact]
    public void DamagedMessagesAreRecordedOrCounted() => RandomSequences.Run(3000, seed =>
    {
        var random = new Random(seed);
        var body = Damaged(random);

        var (lines, counts) = Read(body);

        Assert.All(lines, line => Assert.True(line.Length <= MostGrowth * body.Length + 1000));
        Assert.True(lines.Sum(line => (long)line.Length) <= MostGrowth * (body.Length + 200L * lines.Count) + 1000);
        Assert.Equal(lines.Count, counts.Events + counts.Unreadable);
        Assert.True(counts.Cut <= counts.Events);
        // What is not white space, separators or other records became something.
        Assert.True(lines.Count + counts.Other > 0 || IsNothing(body), Encoding.UTF8.GetString(body));
    });

    [Fact]
    public void DeepNestingIsUnreadableAndNoFailure()
    {
        var nested = new string('[', 100_000) + new string(']', 100_000);
        var deep = $$"""{"records":[{"category":"kube-audit","properties":{"log":"x"},"a":{{nested}}}]}""";

        var (lines, counts) = Read(Encoding.UTF8.GetBytes(deep));

        Assert.Single(lines);
        Assert.Equal(1, counts.Unreadable);
    }

    [Fact]
    public void ADeepEventIsLeftAsItIs()
    {
        var deep = FeedTextsOf.Event("deep")[..^1] + $",\"requestObject\":{new string('[', 500)}{new string(']', 500)}}}";

        var (lines, counts) = Read(Encoding.UTF8.GetBytes(AksRecordsTests.Records([deep])));

        Assert.Equal([deep], lines);
        Assert.Equal(1, counts.Events);
    }

    static byte[] Damaged(Random random)
    {
        var logs = Enumerable.Range(0, random.Next(4)).Select(at => FeedTextsOf.Event($"{at}")).Select(one => random.Next(4) switch
        {
            0 => one[..random.Next(one.Length)],
            1 => one.Insert(random.Next(one.Length), Pieces[random.Next(Pieces.Length)]),
            _ => one,
        });
        List<byte> body = [.. Encoding.UTF8.GetBytes(AksRecordsTests.Records(logs, random.Next(5) == 0 ? "guard" : "kube-audit-admin"))];
        for (var times = random.Next(4); times > 0; times--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveRange(at, Math.Min(random.Next(40), body.Count - at));
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                case 3:
                    body.InsertRange(at, [.. body[random.Next(at + 1)..at]]);
                    break;
                default:
                    body.RemoveRange(at, body.Count - at);
                    break;
            }

            if (body.Count == 0)
                break;
        }

        return [.. body];
    }

    static bool IsNothing(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        return text.Replace(" ", "").Replace("\n", "").Contains("\"records\":[]", StringComparison.Ordinal)
            || text.All(one => " \t\r\n,[]\0\u001e".Contains(one));
    }

    static (List<string> Lines, FeedCounts Counts) Read(byte[] body)
    {
        using var stored = new MemoryStream(body);
        var (lines, counts, _) = FeedTextsOf.ReadAsync(AksRecords.Unwrap, stored).GetAwaiter().GetResult();
        return (lines, counts);
    }
}

using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>An event costs no memory.</summary>
public sealed class InsightAllocationTests
{
    [Fact]
    public void NothingIsAllocatedForEventsOfWhatIsKnown()
    {
        var (detector, index) = (new InsightDetector(seed: 1), new JsonIndex());
        var lines = Enumerable.Range(0, 120).Select(Line).ToList();
        Take(detector, index, lines);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            Take(detector, index, lines.Skip(60));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
        Assert.Equal(12, detector.Rates.Users.Count);
    }

    // A minute has a call of each of a few users.
    static void Take(InsightDetector detector, JsonIndex index, IEnumerable<byte[]> lines)
    {
        foreach (var line in lines)
        {
            AuditEvent.TryParse(line, index, out var audit, out _);
            detector.Take(audit);
        }
    }

    static byte[] Line(int at) => Encoding.UTF8.GetBytes($$"""
        {"level":"Metadata","stage":"ResponseComplete","verb":"get","user":{"username":"user-{{at % 12}}"},"sourceIPs":["10.0.0.{{at % 12}}"],
        "userAgent":"kubectl/v1.33.0","objectRef":{"resource":"pods","namespace":"shop"},"responseStatus":{"code":200},
        "stageTimestamp":"2026-02-02T08:0{{at / 60}}:{{at % 60:00}}.000000Z"}
        """);
}

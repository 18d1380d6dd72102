using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>Calls that came before are counted without looking for their keys; what is found and known is the same.</summary>
public sealed class RepeatedCallsTests
{
    const int Events = 40_000;

    // Fewer than there are kinds and users, and more.
    [Theory]
    [InlineData(12)]
    [InlineData(64)]
    public void ItIsTheSame(int capacity) => RandomSequences.Run(6, seed =>
    {
        var (detector, each) = (new InsightDetector(seed: 1, capacity), new InsightDetector(seed: 1, capacity));

        var found = Pass(detector, new(seed), static _ => { });

        Assert.Equal(Pass(each, new(seed), static one => one.Rates.ForgetCalls()), found);
        Assert.Equal(Convert.ToHexString(InsightState.Write(each)), Convert.ToHexString(InsightState.Write(detector)));
        Assert.Contains(found, one => one.StartsWith("Rate", StringComparison.Ordinal));
        Assert.Contains(found, one => one.StartsWith("First", StringComparison.Ordinal));
    });

    [Fact]
    public void OfTwoPlacesThatAreCountedNoneIsTakenByAThird()
    {
        var (calls, counted) = (new RepeatedCalls(), new List<(ulong Call, int Times)>());
        var key = new RateKey(Method.FloorOfKind, slot: 0);
        // All have the same two places.
        ulong[] hashes = [1UL << 32, 2UL << 32, 3UL << 32];
        foreach (var hash in hashes)
        {
            calls.Add(new(key, key, new(0, 0, 0, hash), IsError: false));
            calls.TryCount(hash);
            calls.TryCount(hash);
        }

        calls.Drain(counted, static (to, call, times) => to.Add((call.Hashes.Call, times)));

        Assert.Equal([(hashes[0], 2), (hashes[1], 2)], counted.Order());
        calls.Forget();
        Assert.False(calls.TryCount(hashes[0]));
    }

    static List<string> Pass(InsightDetector detector, Random random, Action<InsightDetector> afterEach)
    {
        var (found, index) = (new List<string>(), new JsonIndex());
        var time = new DateTimeOffset(2026, 2, 2, 0, 0, 0, TimeSpan.Zero);
        var rush = 0;
        for (var at = 0; at < Events; at++)
        {
            rush = rush > 0 ? rush - 1 : random.Next(1500) == 0 ? 800 : 0;
            time = time.AddSeconds(rush > 0 ? 1 : random.Next(4000) == 0 ? 5000 : random.Next(70));
            AuditEvent.TryParse(Line(random, time, isRush: rush > 0), index, out var audit, out _);
            detector.Take(audit);
            found.AddRange(detector.Found.Select(one => $"Rate {one.Subject} {one.Measure} {one.End} {one.Observed} {Names(one)}"));
            found.AddRange(detector.FirstSeen.Found.Select(one => $"First {one}"));
            detector.Found.Clear();
            detector.FirstSeen.Found.Clear();
            afterEach(detector);
        }

        return found;
    }

    static string Names(RateInsight insight) => string.Join(',', insight.Users.Concat(insight.UserAgents));

    static byte[] Line(Random random, DateTimeOffset time, bool isRush)
    {
        // Low ones are frequent. Those who rush use more programs than are counted.
        var (user, kind) = (Low(15), Low(15));
        (user, kind) = !isRush ? (user, kind) : random.Next(4) == 0 ? (user, 1) : (1, 1);
        var program = isRush ? Low(30) : 0;
        return Encoding.UTF8.GetBytes($$"""
            {"level":"Metadata","stage":"ResponseComplete","verb":"get","user":{"username":"system:serviceaccount:shop:user-{{user}}"},
            "sourceIPs":["10.0.{{(random.Next(500) == 0 ? 7 : user)}}.1"],"userAgent":"kubectl-{{program}}/v1.33.0",
            "objectRef":{"resource":"{{(random.Next(300) == 0 ? "secrets" : $"kind-{kind}")}}","namespace":"shop"},
            "responseStatus":{"code":{{(random.Next(10) == 0 ? 403 : 200)}}},"stageTimestamp":"{{time:yyyy-MM-ddTHH:mm:ss.ffffffZ}}"}
            """);

        int Low(int below) => (int)(below * Math.Pow(random.NextDouble(), 4));
    }
}

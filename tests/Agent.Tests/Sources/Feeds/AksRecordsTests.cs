using System.Text.Json;
using ClusterTrail.Agent.Sources.Feeds;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

public sealed class AksRecordsTests
{
    static readonly string One = FeedTextsOf.Event("one");

    /// <summary>What the diagnostic settings of AKS send, in short.</summary>
    public static string Records(IEnumerable<string> logs, string category = "kube-audit") => JsonSerializer.Serialize(new
    {
        records = logs.Select(log => new
        {
            time = "2026-05-28T20:26:40.1230000Z",
            resourceId = "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/C",
            operationName = "Microsoft.ContainerService/managedClusters/diagnosticLogs/Read",
            category,
            properties = new { log, stream = "stdout", pod = "kube-apiserver-7d9f8b6c5-abcde", containerID = "0" },
        }),
    });

    static (List<string> Lines, FeedCounts Counts) Unwrap(string text) => FeedTextsOf.Unwrap(AksRecords.Unwrap, text);

    [Theory]
    [InlineData("kube-audit")]
    [InlineData("kube-audit-admin")]
    public void EachLogIsTheEventThatItWasMadeFrom(string category)
    {
        var (lines, counts) = Unwrap(Records([$"{One}\n", One], category));

        Assert.Equal([One, One], lines);
        Assert.Equal(new FeedCounts(2, 0, 0, 0), counts);
    }

    [Fact]
    public void OtherCategoriesAreCountedAndNotRecorded()
    {
        Assert.Equal(new FeedCounts(0, 0, 1, 0), Unwrap(Records(["I1127 leader election"], "kube-scheduler")).Counts);
        Assert.Equal(new FeedCounts(0, 0, 1, 0), Unwrap("""{"records":[{"category":"AllMetrics","metricName":"x"}]}""").Counts);
    }

    [Fact]
    public void ACutLogIsAnEventThatSaysWhereItWasCut()
    {
        var (lines, counts) = Unwrap(Records([One[..^30], One]));

        Assert.Equal(2, lines.Count);
        Assert.Equal(new FeedCounts(2, 1, 0, 0), counts);
        Assert.Contains("clustertrail.io/cut", lines[0]);
    }

    [Theory]
    [InlineData("""{"records":[{"category":"kube-audit"}]}""", """{"category":"kube-audit"}""")]
    [InlineData(
        """{"records":[{"category":"kube-audit","properties":{"log":5}}]}""", """{"category":"kube-audit","properties":{"log":5}}""")]
    [InlineData("""{"records":5}""", """{"records":5}""")]
    [InlineData("""{"records":[{]}""", """{"records":[{]}""")]
    [InlineData("""{"other":[]}""", """{"other":[]}""")]
    public void WhatIsSomethingElseIsRecordedAsItIs(string text, string line)
    {
        var (lines, counts) = Unwrap(text);

        Assert.Equal([line], lines);
        Assert.Equal(1, counts.Unreadable);
    }
}

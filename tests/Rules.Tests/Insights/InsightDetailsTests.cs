using System.Text;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Rules.Tests.Insights;

/// <summary>What Insights look like in records.</summary>
public sealed class InsightDetailsTests
{
    static readonly DateTimeOffset From = new(2026, 11, 27, 7, 0, 0, TimeSpan.Zero);

    [Fact]
    public void AStretchHasWhatIsUsualAndWhatIs() => Assert.Equal(
        """{"rule":"unusual-call-rate-start","severity":"medium","group":"insights","description":"Calls of get deployments.apps: 60 a minute, usual are 20","tags":[],"eventIDs":[],"measure":"calls","subject":{"verb":"get","apiGroup":"apps","resource":"deployments"},"baseline":20,"observed":60,"ratio":3,"peak":61,"from":"2026-11-27T07:00:00Z","to":"2026-11-27T07:02:00Z","users":[{"name":"alice","events":100}],"userAgents":[]}""",
        Encoding.UTF8.GetString(InsightDetails.Write(Stretch(StretchEnd.None))));

    [Fact]
    public void ItsEndSaysWhy()
    {
        var text = Encoding.UTF8.GetString(InsightDetails.Write(Stretch(StretchEnd.Calm)));

        Assert.StartsWith("""{"rule":"unusual-call-rate-end","severity":"info",""", text, StringComparison.Ordinal);
        Assert.Contains("""
            "end":"Calm"
            """, text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsSeenFirstIsSaid() => Assert.Equal(
        """{"rule":"first-seen-network","severity":"low","group":"insights","description":"First seen in 90 days: alice, 203.0.113.0/24","tags":[],"eventIDs":["0f5b-12"],"userName":"alice","firstSeen":"203.0.113.0/24"}""",
        Encoding.UTF8.GetString(InsightDetails.Write(
            new FirstSeenInsight(FirstSeenKind.Network, "alice", "203.0.113.0/24", Minute.Of(From)), "0f5b-12")));

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData(@"a\""b\\", @"a""b\")]
    [InlineData(@"a\u00e4b", "aäb")]
    [InlineData(@"abc\u00", "abc")]
    [InlineData(@"abc\", "abc")]
    public void TextsAreReadAsTheyAreMeantAlsoWhenTheyAreCut(string written, string meant) =>
        Assert.Equal(meant, EventText.Of(Encoding.UTF8.GetBytes(written)));

    static RateInsight Stretch(StretchEnd end) => new()
    {
        Subject = new(null, "get", "apps", "deployments"),
        Measure = RateMeasure.Calls,
        End = end,
        Baseline = 20,
        Observed = 60,
        Peak = 61,
        From = From,
        To = From.AddMinutes(2),
        Users = [new("alice", 100)],
        UserAgents = [],
    };
}

using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Kubectl.Tests.Clusters;

public sealed class HeadListTests
{
    static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void EachNodeWithAHeadIsListed()
    {
        var heads = HeadList.OfStatus(Trail(Node("cp-1", 7), new() { Name = "cp-2" })).ToList();

        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(
                """{"cluster":"prod","trail":"main","node":"cp-1","chain":"agent","chainId":"c1","sequence":7,"sha256":"ab","until":"2026-11-26T12:00:00+00:00"}"""),
            JsonNode.Parse(Assert.Single(heads).ToJsonString())));
    }

    [Fact]
    public void OfTheStatusAndTheConfigMapTheNewestCountsAndNodesThatAreGoneDoNot()
    {
        var map = new V1ConfigMap
        {
            Metadata = new() { Name = "m" },
            Data = new Dictionary<string, string>
            {
                ["chains.json"] = $"[{Kept("cp-1", 5)},{Kept("w-1", 3)},{Kept("gone", 3, ",\"goneSince\":\"2026-11-26T12:00:00+00:00\"")},"
                    + $"{Kept("other", 3).Replace("prod", "dev", StringComparison.Ordinal)}]",
            },
        };
        var trail = Trail(Node("cp-1", 7));

        var heads = HeadList.Newest([.. HeadList.OfStatus(trail), .. HeadList.OfMap(trail, map)]);

        Assert.Equal(["cp-1 7", "w-1 3"], heads.Select(head => $"{head["node"]} {head["sequence"]}"));
    }

    [Fact]
    public void TheHeadIsWhatTheSinkHasConfirmedAndWhatWaitsIsBesideIt()
    {
        const string Waiting = ",\"confirmed\":{\"sequence\":4,\"sha256\":\"cd\",\"until\":\"2026-11-26T11:00:00+00:00\"},"
            + "\"waitingSince\":\"2026-11-26T11:05:00+00:00\"";
        const string Nothing = ",\"confirmed\":{\"sequence\":0},\"waitingSince\":\"2026-11-26T11:05:00+00:00\"";
        var map = new V1ConfigMap
        {
            Metadata = new() { Name = "m" },
            Data = new Dictionary<string, string>
            {
                ["chains.json"] = $"[{Kept("cp-1", 5, Waiting)},{Kept("cp-2", 3, Nothing)},{Kept("cp-3", 3)}]",
            },
        };

        Assert.Equal(["cp-1 4 cd", "cp-3 3 ab"], HeadList.OfMap(Trail(), map).Select(Text));
        Assert.Equal(["cp-1 5 ab", "cp-2 3 ab"], HeadList.SealedOfMap(Trail(), map).Select(Text));
        var shown = Assert.Single(HeadList.SealedOfStatus(Trail(Node("cp-1", 4) with
        {
            Sealed = new() { Chain = "agent", ChainId = "c1", Sequence = 5, Sha256 = "ab", Until = Noon, WaitingSince = Noon.AddMinutes(-55) },
        })));
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse(shown.ToJsonString()), JsonNode.Parse(HeadList.SealedOfMap(Trail(), map).First().ToJsonString())));

        static string Text(JsonObject head) => $"{head["node"]} {head["sequence"]} {head["sha256"]}";
    }

    [Theory]
    [InlineData("oops")]
    [InlineData("{}")]
    [InlineData("""[{"node":5,"sha256":"ab","cluster":"prod"}]""")]
    [InlineData("""[{"sha256":"ab","cluster":"prod"}]""")]
    public void ADamagedConfigMapIsNamed(string content) => Assert.Contains(
        "ConfigMap m does not have what the operator wrote there",
        Assert.Throws<TrailException>(() => HeadList.OfMap(
            Trail(), new() { Metadata = new() { Name = "m" }, Data = new Dictionary<string, string> { ["chains.json"] = content } })).Message,
        StringComparison.Ordinal);

    static string Kept(string node, int sequence, string more = "") =>
        $$"""{"cluster":"prod","node":"{{node}}","chain":"agent","chainId":"c1","keyId":"k","sequence":{{sequence}},"sha256":"ab","until":"2026-11-26T12:00:00+00:00"{{more}}}""";

    static TrailNode Node(string name, long sequence) =>
        new() { Name = name, Head = new() { Chain = "agent", ChainId = "c1", Sequence = sequence, Sha256 = "ab", Until = Noon } };

    static Trail Trail(params TrailNode[] nodes) => new()
    {
        Metadata = new() { Name = "main" },
        Spec = new() { ClusterName = "prod", Sources = new() { ApiServer = new() { Type = ApiServerSourceType.LogFile } }, Sink = new() { Type = SinkType.S3 } },
        Status = new() { Nodes = nodes },
    };
}

using System.Text.Json.Nodes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Trails.Tests.Manifests;

/// <summary>What the DaemonSet says of nodes, and what the operator says of a node, are the same.</summary>
public sealed class AgentPlacementTests
{
    [Theory]
    [InlineData("node-role.kubernetes.io/control-plane", "")]
    [InlineData("node-role.kubernetes.io/control-plane", "true")]
    [InlineData("node-role.kubernetes.io/master", "")]
    public void AControlPlaneNodeHasAnAgentWhateverItsLabelSays(string label, string value)
    {
        var node = Node((label, value));

        Assert.True(AgentPlacement.Concerns(new(), node));
        Assert.Empty(AgentPlacement.MissingLabels(new(), node));
    }

    [Fact]
    public void AWorkerIsNoConcernUnlessItIsNamed()
    {
        var worker = Node(("audit", "yes"));

        Assert.False(AgentPlacement.Concerns(new(), worker));
        Assert.True(AgentPlacement.Concerns(new() { NodeSelector = Labels("audit", "yes") }, worker));
    }

    [Fact]
    public void AControlPlaneNodeIsAConcernAlsoWhenItIsNotNamed()
    {
        var node = Node(("node-role.kubernetes.io/control-plane", ""), ("audit", "no"));
        var agent = new AgentSpec { NodeSelector = Labels("audit", "yes") };

        Assert.True(AgentPlacement.Concerns(agent, node));
        Assert.Equal(["audit=yes"], AgentPlacement.MissingLabels(agent, node));
    }

    [Fact]
    public void AnEmptySelectorIsEveryNode() =>
        Assert.True(AgentPlacement.Concerns(new() { NodeSelector = new Dictionary<string, string>() }, Node()));

    [Fact]
    public void WithoutTolerationsEveryTaintIsTolerated() =>
        Assert.Empty(Untolerated(null, new() { Key = "anything", Effect = "NoExecute", Value = "x" }));

    [Theory]
    [InlineData("[]", "node-role.kubernetes.io/control-plane", "NoSchedule", "", true)]
    [InlineData("[]", "node.kubernetes.io/unreachable", "NoExecute", "", true)]
    [InlineData("[]", "node.kubernetes.io/unschedulable", "NoSchedule", "", true)]
    [InlineData("[]", "maintenance", "PreferNoSchedule", "", true)]
    [InlineData("[]", "maintenance", "NoSchedule", "true", false)]
    [InlineData("""[{"key":"maintenance","operator":"Exists"}]""", "maintenance", "NoExecute", "true", true)]
    [InlineData("""[{"key":"maintenance","value":"true"}]""", "maintenance", "NoSchedule", "true", true)]
    [InlineData("""[{"key":"maintenance","value":"true"}]""", "maintenance", "NoSchedule", "false", false)]
    [InlineData("""[{"key":"maintenance","operator":"Exists","effect":"NoSchedule"}]""", "maintenance", "NoExecute", "", false)]
    [InlineData("""[{"operator":"Exists"}]""", "maintenance", "NoExecute", "true", true)]
    public void ATaintIsToleratedAsBySchedulers(string tolerations, string key, string effect, string value, bool tolerated) =>
        Assert.Equal(tolerated, Untolerated(tolerations, new() { Key = key, Effect = effect, Value = value }).Count == 0);

    static IReadOnlyList<V1Taint> Untolerated(string? tolerations, V1Taint taint) => AgentPlacement.UntoleratedTaints(
        new()
        {
            Tolerations = tolerations is null ? null : JsonNode.Parse(tolerations)!.AsArray(),
        }, Node() with { Spec = new() { Taints = [taint] } });

    static V1Node Node(params (string Key, string Value)[] labels) =>
        new() { Metadata = new() { Name = "n", Labels = labels.ToDictionary(label => label.Key, label => label.Value) } };

    static Dictionary<string, string> Labels(string key, string value) => new() { [key] = value };
}

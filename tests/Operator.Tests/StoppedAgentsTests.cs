using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Testing;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

public sealed class StoppedAgentsTests
{
    [Fact]
    public void OnlyLoggingChanges()
    {
        var live = Live(AgentFiles.Of(Some.Trail()).AgentJson);

        var stopped = StoppedAgents.ConfigMap(live)!;

        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Join("agent.json"), (string)stopped.Json["data"]!["agent.json"]!);
        var configuration = Contracts.LoadAgent(folder.Join("agent.json"));
        Assert.False(configuration.Logging);
        var (before, after) = (Json(AgentFiles.Of(Some.Trail()).Configuration), Json(configuration));
        before.Remove("Logging");
        after.Remove("Logging");
        Assert.True(JsonNode.DeepEquals(before, after));
        Assert.Equal("{}", (string?)stopped.Json["data"]!["selectors.json"]);
        Assert.Equal("main", (string?)stopped.Json["metadata"]!["labels"]!["clustertrail.io/trail"]);
        Assert.Equal("uid-main", (string?)stopped.Json["metadata"]!["ownerReferences"]![0]!["uid"]);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("[]")]
    public void WhatNoAgentCanReadIsLeftAlone(string agentJson) => Assert.Null(StoppedAgents.ConfigMap(Live(agentJson)));

    static JsonObject Json(AgentConfiguration configuration) => (JsonObject)JsonSerializer.SerializeToNode(configuration)!;

    static V1ConfigMap Live(string agentJson) => new()
    {
        Metadata = new()
        {
            Name = "clustertrail-main",
            NamespaceProperty = Some.Namespace,
            Labels = new Dictionary<string,
            string>(AgentLabels.Of("main")),
            OwnerReferences = [new() { ApiVersion = "clustertrail.io/v1alpha1", Kind = "Trail", Name = "main", Uid = "uid-main" }],
        },
        Data = new Dictionary<string, string> { ["agent.json"] = agentJson, ["selectors.json"] = "{}" },
    };
}

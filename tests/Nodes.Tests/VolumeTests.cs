using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Tests;

/// <summary>What is mounted, what is not there, and what changes late.</summary>
public sealed class VolumeTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AConfigMapThatIsNotThereIsWaitedFor()
    {
        await using var cluster = await StartAsync(Some.DaemonSetOf());

        Assert.Equal("ContainerCreating", await cluster.WaitingAsync("cp-1"));
        Assert.Equal(
            ["MountVolume.SetUp failed for volume \"config\" : configmap \"agent\" not found"],
            await cluster.NotesAsync("FailedMount"));
        await cluster.ApplyAsync(Some.ConfigMapOf());
        await cluster.AdvanceAsync(5);

        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
    }

    [Fact]
    public async Task ASecretMustHaveTheKeysThatAreMounted()
    {
        await using var cluster = await StartAsync(Some.DaemonSetOf(spec => spec["volumes"]!.AsArray().Add(JsonNode.Parse(
            """{"name": "credentials", "secret": {"secretName": "s3", "items": [{"key": "accessKeyId", "path": "id"}]}}"""))));
        await cluster.ApplyAndSettleAsync(Some.ConfigMapOf());
        await cluster.AdvanceAsync(1);
        Assert.Contains(
            "MountVolume.SetUp failed for volume \"credentials\" : secret \"s3\" not found",
            await cluster.NotesAsync("FailedMount"));

        await cluster.ApplyAsync(Secret("s3", "other"));
        await cluster.AdvanceAsync(10);

        Assert.Contains(
            "MountVolume.SetUp failed for volume \"credentials\" : references non-existent secret key: accessKeyId",
            await cluster.NotesAsync("FailedMount"));
        Assert.Equal(
            ("Pending", "ContainerCreating"),
            ((string?)(await cluster.PodAsync("cp-1")).Status!["phase"], await cluster.WaitingAsync("cp-1")));
    }

    [Theory]
    [InlineData(HostPathKind.Missing)]
    [InlineData(HostPathKind.File)]
    public async Task AFolderOfTheNodeMustBeOne(HostPathKind kind)
    {
        await using var cluster = await StartAsync(Some.ConfigMapOf());
        cluster.Nodes.PutHostPath("cp-1", "/var/log", kind);

        await cluster.ApplyAndSettleAsync(Some.DaemonSetOf());

        Assert.Equal(
            ["MountVolume.SetUp failed for volume \"log\" : hostPath type check failed: /var/log is not a directory"],
            await cluster.NotesAsync("FailedMount"));
        cluster.Nodes.PutHostPath("cp-1", "/var/log", HostPathKind.Folder);
        await cluster.AdvanceAsync(5);
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
    }

    [Fact]
    public async Task AChangedConfigMapComesLateAndAllAtOnce()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        cluster.Nodes.SlowConfigMaps(TimeSpan.FromSeconds(60));
        var agent = cluster.Nodes.AgentOf("cp-1");

        await cluster.ApplyAndSettleAsync(Some.ConfigMapOf(selectors: "{\"a\": 1}"));
        await cluster.AdvanceAsync(30);
        await cluster.ApplyAsync(
            Some.ConfigMapOf(Some.AgentJson.Replace("true", "false", StringComparison.Ordinal), selectors: "{\"a\": 2}"));
        await cluster.AdvanceAsync(29);
        Assert.Equal("{}", agent.Running!.File("selectors.json"));
        await cluster.AdvanceAsync(2);

        // The newest at the time when the kubelet looks.
        Assert.Equal("{\"a\": 2}", agent.Running.File("selectors.json"));
        Assert.Contains("\"logging\": false", agent.Running.File("agent.json"), StringComparison.Ordinal);
        Assert.Equal(1, agent.Started);
    }

    [Fact]
    public async Task AnAgentWhoseLoggingIsOffSaysThatItHasStopped()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");
        using var http = new HttpClient();
        var url = $"http://{(await cluster.PodAsync("cp-1")).Status!["podIP"]}:{Some.Port}/status";
        Assert.Contains("\"state\": \"Idle\"", await http.GetStringAsync(url, Cancel), StringComparison.Ordinal);

        await cluster.ApplyAndSettleAsync(Some.ConfigMapOf(Some.AgentJson.Replace("true", "false", StringComparison.Ordinal)));

        Assert.Contains("\"state\": \"Stopped\"", await http.GetStringAsync(url, Cancel), StringComparison.Ordinal);
        Assert.Equal(1, cluster.Nodes.AgentOf("cp-1").Started);
    }

    [Fact]
    public async Task WhatIsDeletedAfterItWasMountedStays()
    {
        await using var cluster = await Cluster.RunningAsync("cp-1");

        await cluster.User.DeleteAsync(ResourceType.Of<V1ConfigMap>(), new(Some.Namespace, "agent"), Cancel);
        await cluster.AdvanceAsync(10);

        Assert.Equal("{}", cluster.Nodes.AgentOf("cp-1").Running!.File("selectors.json"));
        Assert.True(PodOf.IsReady(await cluster.PodAsync("cp-1")));
        Assert.Contains(
            "MountVolume.SetUp failed for volume \"config\" : configmap \"agent\" not found",
            await cluster.NotesAsync("FailedMount"));
    }

    static async Task<Cluster> StartAsync(JsonResource first)
    {
        var cluster = new Cluster();
        await cluster.Nodes.AddControlPlaneNodeAsync("cp-1", Cancel);
        await cluster.ApplyAndSettleAsync(first);
        return cluster;
    }

    static JsonResource Secret(string name, string key) => new(ResourceType.Of<V1Secret>(), new()
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Some.Namespace },
        ["data"] = new JsonObject { [key] = "eA==" },
    });
}

using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>Objects of others that have a name which a Trail's object would have.</summary>
public sealed class TakenNamesTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ConfigMap", "clustertrail-main")]
    [InlineData("ServiceAccount", "clustertrail-main")]
    [InlineData("NetworkPolicy", "clustertrail-main")]
    [InlineData("Secret", "clustertrail-main-status-key")]
    [InlineData("DaemonSet", "clustertrail-main-apiserver")]
    public async Task TheyAreLeftAsTheyAreAndTheConditionNamesThem(string kind, string name)
    {
        await using var world = await SteppedWorld.StartAsync();
        await CreateAsync(world, kind, name);
        await world.AdvanceAsync(1); // The DaemonSet's controller has written its status.
        var before = await VersionAsync(world, kind, name);

        await world.ApplyAsync(Some.Trail());
        await world.WithinAMinuteAsync("Accepted", "False", "NameTaken");

        var message = await world.MessageAsync("Accepted");
        Assert.Contains(
            $"{kind} {Some.Namespace}/{name} exists and is not this Trail's: its owner is Deployment theirs",
            message, StringComparison.Ordinal);
        Assert.Equal(before, await VersionAsync(world, kind, name));

        await world.DeleteTrailAsync();
        await world.UntilAsync("the Trail is gone", async () => await world.TrailAsync() is null, seconds: 400);
        Assert.Equal(before, await VersionAsync(world, kind, name));
    }

    [Fact]
    public async Task ANameThatBecomesFreeIsUsed()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await CreateAsync(world, "ConfigMap", "clustertrail-main");
        await world.ApplyAsync(Some.Trail());
        await world.WithinAMinuteAsync("Accepted", "False", "NameTaken");

        await world.User.DeleteAsync(ResourceType.Of<V1ConfigMap>(), new(Some.Namespace, "clustertrail-main"), uid: null, Cancel);

        await world.WithinAMinuteAsync("Ready", "True", "Recording");
    }

    [Fact]
    public async Task AnObjectThatReplacesTheTrailsIsLeftAsItIs()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        string? before = null;
        world.Fault = call =>
        {
            // The operator has looked at its own, and is about to change it.
            if (before is null && call is { Verb: "apply", Type.Plural: "configmaps" })
                before = Task.Run(() => ReplaceAsync(world)).GetAwaiter().GetResult();
            return null;
        };

        var trail = Some.Trail();
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Batch = new() { MaxAgeSeconds = 7 } } });
        await world.WithinAMinuteAsync("Accepted", "False", "NameTaken");

        Assert.NotNull(before);
        Assert.Equal(before, await VersionAsync(world, "ConfigMap", "clustertrail-main"));
    }

    [Fact]
    public async Task APodWithTheTrailsLabelsIsNoAgent()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        await world.User.ApplyAsync(Some.Pod("cp-9").ToJson(), Cancel);
        await world.AdvanceAsync(30);

        Assert.Equal(["cp-1"], (await world.TrailAsync())!.Status!.Nodes!.Select(node => node.Name));
    }

    static async Task<string?> ReplaceAsync(SteppedWorld world)
    {
        await world.User.DeleteAsync(ResourceType.Of<V1ConfigMap>(), new(Some.Namespace, "clustertrail-main"), uid: null, Cancel);
        await CreateAsync(world, "ConfigMap", "clustertrail-main");
        return await VersionAsync(world, "ConfigMap", "clustertrail-main");
    }

    static async Task CreateAsync(SteppedWorld world, string kind, string name)
    {
        var theirs = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = Some.Namespace,
                ["labels"] = new JsonObject { ["clustertrail.io/trail"] = "main" },
                ["ownerReferences"] = new JsonArray(new JsonObject
                {
                    ["apiVersion"] = "apps/v1",
                    ["kind"] = "Deployment",
                    ["name"] = "theirs",
                    ["uid"] = "their-uid",
                }),
            },
        };
        if (kind == "DaemonSet")
            theirs["spec"] = DaemonSetSpec();
        await world.User.ApplyAsync(new(Type(kind), theirs), Cancel);
    }

    static JsonObject DaemonSetSpec()
    {
        var labels = new JsonObject { ["app"] = "theirs" };
        return new()
        {
            ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = labels },
                ["spec"] = new JsonObject
                {
                    ["containers"] = new JsonArray(new JsonObject { ["name"] = "theirs", ["image"] = "theirs:1" }),
                },
            },
        };
    }

    static async Task<string?> VersionAsync(SteppedWorld world, string kind, string name) =>
        (await world.User.GetAsync<PartialResource>(Type(kind), new(Some.Namespace, name), Cancel))?.Metadata.ResourceVersion;

    static ResourceType Type(string kind) => kind switch
    {
        "ConfigMap" => ResourceType.Of<V1ConfigMap>(),
        "ServiceAccount" => ResourceType.Of<V1ServiceAccount>(),
        "NetworkPolicy" => ResourceType.Of<V1NetworkPolicy>(),
        "DaemonSet" => ResourceType.Of<V1DaemonSet>(),
        _ => ResourceType.Of<V1Secret>(),
    };
}

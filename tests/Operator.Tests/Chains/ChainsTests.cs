using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Testing.Nodes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Chains;

/// <summary>Chains of digests of agents in a cluster in memory: keys, records, heads, and what Intact says.</summary>
public sealed class ChainsTests
{
    static readonly ObjectKey KeySecret = new(Some.Namespace, OperatorKey.SecretName);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AKeyThatIsMetIsEnrolledOnceAndStored()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        await world.AdvanceAsync(30);

        var chain = world.Nodes.AgentOf("cp-1", "main").Chain;
        var record = SignedObject.Read(Assert.Single(chain.Received));
        var enrolment = KeyEnrolment.Read(record);
        var status = (await world.TrailAsync())!.Status!;
        Assert.Equal(new("prod", "main", "cp-1", "agent"), enrolment.Owner);
        Assert.Equal((chain.KeyId, (ChainHead?)null), (enrolment.Key.Id, enrolment.FormerHead));
        Assert.Equal(enrolment.OperatorKeyId, status.Integrity!.OperatorKeyId);
        Assert.True(record.IsSignedBy(VerifyingKey.FromBase64(status.Integrity.OperatorPublicKey!)));
        Assert.Equal((2, 2, 0), (status.Integrity.Chains, status.Integrity.Enrolled, status.Integrity.RecordsWaiting));
        Assert.Single(await world.EventsAsync(), one => one.StartsWith("Normal KeysEnrolled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheOperatorsKeyOutlivesItAndIsNeverReplaced()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        var before = await SecretAsync(world);

        await world.RestartOperatorAsync();
        await world.AdvanceAsync(60);

        Assert.Equal(before, await SecretAsync(world));
        Assert.Single(world.Nodes.AgentOf("cp-1", "main").Chain.Received);
        Assert.Equal(("True", "DigestsInTime"), await world.ConditionAsync("Intact"));
    }

    [Fact]
    public async Task AnotherKeyOfTheOperatorIsReportedAndEnrolsAllAgain()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        await world.User.DeleteAsync(ResourceType.Of<V1Secret>(), KeySecret, Cancel);

        await world.RestartOperatorAsync();
        await world.AdvanceAsync(60);

        Assert.Single(await world.WarningsAsync(), one => one.StartsWith("Warning SigningKeyChanged", StringComparison.Ordinal));
        var records = world.Nodes.AgentOf("cp-1", "main").Chain.Received.Select(SignedObject.Read).Select(KeyEnrolment.Read).ToList();
        Assert.Equal(2, records.Select(record => record.OperatorKeyId).Distinct().Count());
        Assert.Equal(records[1].OperatorKeyId, (await world.TrailAsync())!.Status!.Integrity!.OperatorKeyId);
        Assert.Equal(("True", "DigestsInTime"), await world.ConditionAsync("Intact"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("oops")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n")]
    public async Task ADamagedKeyOfTheOperatorIsSaidAndEnrolsNobody(string pem)
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        await SaveSecretAsync(world, pem);
        await world.ApplyAsync(Some.Trail());
        await world.WithinAMinuteAsync("Intact", "False", "SigningKeyDamaged");
        var saved = Encoding.UTF8.GetString((await SecretAsync(world))!);
        var received = world.Nodes.AgentOf("cp-1", "main").Chain.Received.Count;

        // As its message says.
        Assert.Contains($"Secret {KeySecret}", await world.MessageAsync("Intact"), StringComparison.Ordinal);
        await world.User.DeleteAsync(ResourceType.Of<V1Secret>(), KeySecret, Cancel);
        await world.UntilAsync("keys are enrolled", async () => await world.ConditionAsync("Intact") == ("True", "DigestsInTime"), 90);

        Assert.Equal((pem, 0), (saved, received));
        Assert.Equal(("True", "Recording"), await world.ConditionAsync("Ready"));
    }

    [Fact]
    public async Task AHeadMovesForwardAndIsKnownToTheNextOperator()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        var chain = world.Nodes.AgentOf("cp-1", "main").Chain;

        await world.AdvanceAsync(660);
        var head = (await world.TrailAsync())!.Status!.Nodes![0].Head!;
        await world.RestartOperatorAsync();
        world.Nodes.AgentOf("cp-1", "main").Says = status =>
            status with { Integrity = status.Integrity! with { Sequence = 1, Sha256 = chain.HashOf(1), Confirmed = new() { Sequence = 0 } } };
        await world.WithinAMinuteAsync("Intact", "False", "ChainMovedBack");
        await world.AdvanceAsync(60);

        Assert.Equal(("agent", chain.ChainId, 3L, chain.HashOf(3)), (head.Chain, head.ChainId, head.Sequence, head.Sha256));
        Assert.InRange((await world.TrailAsync())!.Status!.Nodes![0].Head!.Sequence, 2, 3);
        Assert.Single(await world.WarningsAsync(), one => one.StartsWith("Warning ChainMovedBack", StringComparison.Ordinal));
        Assert.Equal(("True", "Recording"), await world.ConditionAsync("Ready"));
    }

    [Fact]
    public async Task AForkIsFoundAndEndsWithAnotherChain()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        var agent = world.Nodes.AgentOf("cp-1", "main");
        await world.AdvanceAsync(310);
        agent.Says = status => status with
        {
            Integrity = status.Integrity! with { Sha256 = agent.Chain.HashOf(99), Confirmed = new() { Sequence = 0 } },
        };
        await world.WithinAMinuteAsync("Intact", "False", "ChainMovedBack");
        var forked = (agent.Chain.ChainId, agent.Chain.KeyId);
        agent.Says = status => status;
        await world.AdvanceAsync(60);
        Assert.Equal(("False", "ChainMovedBack"), await world.ConditionAsync("Intact"));

        agent.Chain.Lose();
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");

        var records = agent.Chain.Received.Skip(1).Select(SignedObject.Read).ToList();
        var retirement = KeyRetirement.Read(Assert.Single(records, record => SignedContent.KindOf(record) == KeyRetirement.Kind));
        var enrolment = KeyEnrolment.Read(Assert.Single(records, record => SignedContent.KindOf(record) == KeyEnrolment.Kind));
        Assert.Equal(forked.KeyId, retirement.KeyId);
        Assert.Equal((agent.Chain.KeyId, forked.ChainId), (enrolment.Key.Id, enrolment.FormerHead!.ChainId));
        Assert.Contains(await world.WarningsAsync(), one => one.StartsWith("Warning ChainReplaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatTheSinkHasNotConfirmedIsSealedAndNotTheHead()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        var chain = world.Nodes.AgentOf("cp-1", "main").Chain;
        chain.DeliversDigests = false;
        await world.AdvanceAsync(900);
        var node = (await world.TrailAsync())!.Status!.Nodes![0];

        Assert.Equal((1, 4, chain.HashOf(4)), (node.Head!.Sequence, node.Sealed!.Sequence, node.Sealed.Sha256));
        Assert.InRange((world.Now - node.Sealed.WaitingSince).TotalSeconds, 560, 700);
        Assert.Equal(("True", "DigestsInTime"), await world.ConditionAsync("Intact"));

        // The node's disk is lost with what waited.
        var former = (chain.ChainId, Hash: chain.HashOf(1));
        chain.Lose();
        chain.DeliversDigests = true;
        await world.AdvanceAsync(60);
        Assert.Equal(new ChainHead(former.ChainId, 1, former.Hash), Assert.Single(Enrolments(chain), one => one.FormerHead is not null).FormerHead);
        node = (await world.TrailAsync())!.Status!.Nodes![0];
        Assert.Equal((chain.ChainId, 1, (TrailSealed?)null), (node.Head!.ChainId, node.Head.Sequence, node.Sealed));
    }

    [Fact]
    public async Task AHeadThatSomebodyWroteIsNeverSigned()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        var chain = world.Nodes.AgentOf("cp-1", "main").Chain;
        var name = new ObjectKey(Some.Namespace, ChainMaps.NameOf("main", ChainShards.Of("cp-1")));
        var map = (await world.User.GetAsync<V1ConfigMap>(name, Cancel))!;
        var kept = JsonNode.Parse(map.Data!["chains.json"])!;
        kept[0]!["confirmed"]!["sequence"] = 9999;
        await world.User.SaveAsync(map with { Data = new Dictionary<string, string> { ["chains.json"] = kept.ToJsonString() } }, Cancel);

        await world.RestartOperatorAsync();
        await world.WithinAMinuteAsync("Intact", "False", "ChainMovedBack");
        // As its message says.
        await world.AdvanceAsync(300);
        chain.Lose();
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");

        Assert.All(Enrolments(chain), one => Assert.Null(one.FormerHead));
    }

    [Fact]
    public async Task AKeyThatIsRotatedNeedsNoEnrolment()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        world.Nodes.AgentOf("cp-1", "main").Chain.Rotate();

        await world.AdvanceAsync(330);

        Assert.Single(world.Nodes.AgentOf("cp-1", "main").Chain.Received);
        Assert.Equal(("True", "DigestsInTime"), await world.ConditionAsync("Intact"));
    }

    [Fact]
    public async Task RecordsAreSentUntilTheArchiveHasThem()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        var chain = world.Nodes.AgentOf("cp-1", "main").Chain;
        chain.StoresRecords = false;
        await world.ApplyAsync(Some.Trail());
        await world.WithinAMinuteAsync("Intact", "Unknown", "EnrollingKeys");

        await world.UntilAsync("it is said", async () => await world.ConditionAsync("Intact") == ("False", "KeysNotStored"), 1200);
        await world.RestartOperatorAsync();
        chain.StoresRecords = true;
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");

        Assert.True(chain.Received.Count > 2);
        Assert.Single(chain.Received.Select(Encoding.UTF8.GetString).Distinct());
    }

    [Fact]
    public async Task DigestsThatStopAreOverdue()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        var at = world.Nodes.AgentOf("cp-1", "main").Chain.Status("agent", world.Now);
        world.Nodes.AgentOf("cp-1", "main").Says = status => status with { Integrity = at with { Records = status.Integrity!.Records } };

        var seconds = await world.UntilAsync(
            "it is overdue", async () => await world.ConditionAsync("Intact") == ("False", "DigestOverdue"), 600);

        Assert.InRange(seconds, 240, 450);
    }

    [Fact]
    public async Task AnAgentThatCannotSealSaysWhy()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        world.Nodes.AgentOf("cp-1", "main").Says = status =>
            status with { Integrity = status.Integrity! with { Problem = "The key is another one" } };

        await world.WithinAMinuteAsync("Intact", "False", "DigestsNotSealed");

        Assert.EndsWith("On cp-1: The key is another one.", await world.MessageAsync("Intact"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutDigestsNothingIsProvenAndSaidSo()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        var trail = Some.Trail();
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Integrity = new() { Enabled = false } } });
        await world.WithinAMinuteAsync("Intact", "Unknown", "Disabled");
        await world.UntilAsync(
            "its agent has the configuration",
            () => Task.FromResult(FileOf(world).Contains("\"enabled\": false", StringComparison.Ordinal)),
            180);
        await world.WithinAMinuteAsync("Ready", "True", "Recording");

        Assert.Null((await world.TrailAsync())!.Status!.Integrity);
    }

    [Theory]
    [InlineData("oops")]
    [InlineData("[null]")]
    public async Task DamagedMemoryIsSaid(string content)
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);
        var name = new ObjectKey(Some.Namespace, ChainMaps.NameOf("main", ChainShards.Of("cp-1")));
        var map = (await world.User.GetAsync<V1ConfigMap>(name, Cancel))!;
        await world.User.SaveAsync(map with { Data = new Dictionary<string, string> { ["chains.json"] = content } }, Cancel);

        await world.RestartOperatorAsync();
        await world.WithinAMinuteAsync("Intact", "False", "ChainsNotKept");

        Assert.Contains($"ConfigMap {name}", await world.MessageAsync("Intact"), StringComparison.Ordinal);
    }

    static IEnumerable<KeyEnrolment> Enrolments(ScriptedChain chain) => chain.Received.Select(SignedObject.Read)
        .Where(one => SignedContent.KindOf(one) == KeyEnrolment.Kind).Select(KeyEnrolment.Read);

    static string FileOf(SteppedWorld world) => world.Nodes.AgentOf("cp-1", "main").Running?.File("agent.json") ?? "";

    static async Task<byte[]?> SecretAsync(SteppedWorld world) =>
        (await world.User.GetAsync<V1Secret>(KeySecret, Cancel))?.Data?[OperatorKey.PrivateKey];

    static Task<V1Secret> SaveSecretAsync(SteppedWorld world, string pem) => world.User.SaveAsync(
        new V1Secret
        {
            Metadata = new() { Name = KeySecret.Name, NamespaceProperty = KeySecret.Namespace },
            Data = new Dictionary<string, byte[]> { [OperatorKey.PrivateKey] = Encoding.UTF8.GetBytes(pem) },
        },
        Cancel);
}

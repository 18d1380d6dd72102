using ClusterTrail.Archive.Digests;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Testing;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Chains;

/// <summary>An operator whose key is in KMS.</summary>
public sealed class KmsKeyTests
{
    public KmsKeyTests()
    {
        // The SDK's own chain would ask the cloud's metadata.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "id");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "secret");
    }

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeysAreEnrolledByTheKeyInKms()
    {
        await using var server = await KmsServer.SigningAsync();
        await using var world = await StartAsync(server);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");

        var record = SignedObject.Read(Assert.Single(world.Nodes.AgentOf("cp-1", "main").Chain.Received));
        var status = (await world.TrailAsync())!.Status!.Integrity!;
        Assert.True(record.IsSignedBy(VerifyingKey.FromBase64(status.OperatorPublicKey!)));
        Assert.Equal(status.OperatorKeyId, KeyEnrolment.Read(record).OperatorKeyId);
        Assert.Null(await world.User.GetAsync<V1Secret>(new ObjectKey(Some.Namespace, OperatorKey.SecretName), Cancel));
    }

    [Theory]
    [InlineData("DisabledException")]
    [InlineData("ThrottlingException")]
    public async Task WhileKmsIsAwayOnlyEnrolmentsWait(string code)
    {
        await using var server = await KmsServer.SigningAsync();
        await using var world = await StartAsync(server);
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");

        server.Fails = code;
        await world.Nodes.AddControlPlaneNodeAsync("cp-2", Cancel);
        await world.WithinAMinuteAsync("Intact", "False", OperatorKey.UnavailableReason);
        Assert.Contains(code, await world.MessageAsync("Intact"), StringComparison.Ordinal);
        Assert.Empty(world.Nodes.AgentOf("cp-2", "main").Chain.Received);
        Assert.Equal(("True", "Recording"), await world.ConditionAsync("Ready"));
        var before = await HeadAsync(world);
        await world.AdvanceAsync(600);
        // Heads go on.
        Assert.True(await HeadAsync(world) > before);

        server.Fails = null;
        await world.WithinAMinuteAsync("Intact", "True", "DigestsInTime");
        Assert.Single(world.Nodes.AgentOf("cp-2", "main").Chain.Received);
    }

    static async Task<long> HeadAsync(SteppedWorld world) =>
        (await world.TrailAsync())!.Status!.Nodes!.Single(node => node.Name == "cp-1").Head!.Sequence;

    static async Task<SteppedWorld> StartAsync(KmsServer server)
    {
        var world = await SteppedWorld.StartAsync("cp-1");
        world.Kms = new(KmsServer.KeyId, null, server.Endpoint);
        await world.RestartOperatorAsync();
        await world.ApplyAsync(Some.Trail());
        await world.AdvanceAsync(30);
        return world;
    }
}

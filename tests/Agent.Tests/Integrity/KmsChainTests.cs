using Amazon.Runtime;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Kms;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>A chain whose key is in KMS: how it goes on when KMS is away, and when the key changes.</summary>
public sealed class KmsChainTests : IDisposable
{
    readonly ChainWorld world = new();

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task DigestsAreSignedInKms()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Use(server);

        world.Runner.Turn();
        Assert.True(world.TrySeal("apiserver"));
        Pass(300);
        world.Deliver();

        Assert.Empty(world.Archive().Problems);
        using var key = KmsSigner.Open(kms);
        Assert.All(world.Delivered(), digest => Assert.Equal(key.Public, digest.Key));
        Assert.Equal(key.Public.Id, world.Runner.Status.KeyId);
        // Nothing of it is on the node.
        Assert.Empty(Directory.EnumerateFiles(world.IntegrityFolder, "*.pem"));
    }

    [Theory]
    [InlineData("ThrottlingException")]
    [InlineData("AccessDeniedException")]
    [InlineData("DisabledException")]
    [InlineData("KMSInternalException")]
    public async Task WhileKmsIsAwayDigestsWaitAndNothingElseDoes(string code)
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Use(server);
        world.Runner.Turn();
        world.Deliver();

        server.Fails = code;
        for (var period = 0; period < 3; period++)
        {
            Assert.True(world.TrySeal("apiserver"));
            Pass(300);
            world.Deliver();
        }

        Assert.Contains(code, world.Runner.Status.Problem!, StringComparison.Ordinal);
        Assert.Equal(3, world.Sink.Objects.Keys.Count(name => name.StartsWith("events/", StringComparison.Ordinal)));
        Assert.Single(world.Delivered());

        server.Fails = null;
        Pass(60);
        world.Deliver();

        Assert.Null(world.Runner.Status.Problem);
        Assert.Equal(3, world.Delivered()[1].Objects.Count);
        Assert.Empty(world.Archive(isClockSet: true).Problems);
    }

    [Fact]
    public async Task AnAgentThatStartsWithoutKmsBeginsNoOtherChain()
    {
        await using var server = await KmsServer.SigningAsync();
        using var kms = Use(server);
        world.Runner.Turn();
        world.Deliver();

        world.Crash();
        server.Fails = "KMSInternalException";
        using var others = Use(server);
        world.Runner.Turn();
        Assert.NotNull(world.Runner.Status.Problem);
        Assert.True(world.TrySeal("apiserver"));
        server.Fails = null;
        Pass(60);
        world.Deliver();

        Assert.Equal([1, 2], world.Delivered().Select(digest => digest.Sequence));
        Assert.Empty(world.Archive(isClockSet: true).Problems);
    }

    [Fact]
    public async Task AnOwnKeyHandsOver()
    {
        world.Runner.Turn();
        world.Deliver();
        var own = world.Delivered()[0].Key;
        world.Crash();
        await using var server = await KmsServer.SigningAsync();
        using var kms = Use(server);

        world.Runner.Turn();
        Pass(3600);
        Pass(3600);
        world.Deliver();

        using var key = KmsSigner.Open(kms);
        var digests = world.Delivered();
        Assert.Equal((own, key.Public), (digests[1].Key, digests[1].NextKey));
        Assert.All(digests.Skip(2), digest => Assert.Equal((key.Public, (VerifyingKey?)null), (digest.Key, digest.NextKey)));
        Assert.True(digests.Count > 3);
        Assert.Empty(world.Archive(isClockSet: true).Problems);
    }

    [Fact]
    public async Task WithoutTheKeyInKmsAnotherChainBegins()
    {
        await using var server = await KmsServer.SigningAsync();
        using (Use(server))
        {
            world.Runner.Turn();
            world.Deliver();
            world.Crash();
        }

        world.Elsewhere = null;
        world.Runner.Turn();
        world.Deliver();

        var archive = world.Archive(isClockSet: true);
        Assert.Equal(2, archive.Chains.Count);
        Assert.Single(Directory.EnumerateFiles(world.IntegrityFolder, "key.pem"));
    }

    KmsKey Use(KmsServer server)
    {
        var kms = new KmsKey(new(KmsServer.KeyId, null, server.Endpoint), world.Time, new BasicAWSCredentials("id", "secret"));
        world.Elsewhere = () => KmsSigner.Open(kms);
        return kms;
    }

    void Pass(int seconds)
    {
        for (var passed = 0; passed < seconds; passed += 10)
        {
            world.Time.Advance(TimeSpan.FromSeconds(10));
            world.Runner.Turn();
        }
    }
}

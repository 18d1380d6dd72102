using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>The certificates of a Trail whose agents receive events.</summary>
public sealed class ReceiverKeysTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReceiversAndApiServersGetCertificatesOfOneAuthority()
    {
        await using var world = await ReceivingAsync();

        var authority = await SecretAsync(world, ReceiverSecrets.Authority("main"));
        var server = await SecretAsync(world, ReceiverSecrets.Server("main", 1));
        var client = await SecretAsync(world, ReceiverSecrets.Client("main"));
        Assert.True(IsOf(authority, server, "1.3.6.1.5.5.7.3.1", world.Now));
        Assert.True(IsOf(authority, client, "1.3.6.1.5.5.7.3.2", world.Now));
        Assert.False(IsOf(authority, client, "1.3.6.1.5.5.7.3.1", world.Now));
        Assert.True(Certificate(server).MatchesHostname("127.0.0.1"));
        Assert.True(Certificate(server).MatchesHostname("clustertrail-main-receiver.clustertrail-system.svc"));
        Assert.False(Certificate(server).MatchesHostname("clustertrail-other-receiver.clustertrail-system.svc"));
        Assert.All(new[] { authority, server, client }, secret => Assert.Equal("main", Assert.Single(secret.Metadata.OwnerReferences!).Name));
    }

    [Fact]
    public async Task NothingIsMadeTwiceAndARestartChangesNothing()
    {
        await using var world = await ReceivingAsync();
        var before = await AllAsync(world);

        await world.RestartOperatorAsync();
        await world.AdvanceAsync(60);

        Assert.Equal(before, await AllAsync(world));
        Assert.Equal(3, before.Count);
    }

    [Fact]
    public void AServerCertificateIsFollowedByAnotherBeforeItExpires()
    {
        var now = Some.Noon;

        Assert.Equal(1, ReceiverKeys.NextServer([null, null], now));
        Assert.Equal(0, ReceiverKeys.NextServer([now - TimeSpan.FromDays(264), null], now));
        Assert.Equal(2, ReceiverKeys.NextServer([now - TimeSpan.FromDays(266), null], now));
        Assert.Equal(0, ReceiverKeys.NextServer([now - TimeSpan.FromDays(300), now], now));
        Assert.Equal(1, ReceiverKeys.NextServer([null, now - TimeSpan.FromDays(300)], now));
        Assert.Equal(3, ReceiverKeys.NextServer([now - TimeSpan.FromDays(600), now - TimeSpan.FromDays(300)], now));
    }

    [Fact]
    public async Task ASecretOfAnotherIsLeftAsItIs()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        var name = ReceiverSecrets.Client("main");
        await world.User.SaveAsync(
            new V1Secret
            {
                Metadata = new() { Name = name, NamespaceProperty = Some.Namespace },
                Data = new Dictionary<string, byte[]> { ["mine"] = [1] },
            },
            Cancel);
        await world.ApplyAsync(Receiving(Some.Trail()));

        await world.WithinAMinuteAsync("Ready", "False", "NameTaken");
        Assert.Equal(["mine"], (await SecretAsync(world, name)).Data!.Keys);
    }

    [Fact]
    public async Task CertificatesOfOthersAreNamed()
    {
        await using var world = await SteppedWorld.StartAsync("cp-1");
        var trail = Receiving(Some.Trail());
        var source = trail.Spec.Sources.ApiServer with { Webhook = new() { CertificateSecretName = "from-cert-manager" } };
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Sources = new() { ApiServer = source } } });

        await world.WithinAMinuteAsync("Ready", "False", "SecretNotFound");
        Assert.Contains(
            "spec.sources.apiServer.webhook.certificateSecretName names Secret", await world.MessageAsync("Ready"), StringComparison.Ordinal);
        Assert.DoesNotContain(await AllAsync(world), one => one.Contains("receiver", StringComparison.Ordinal));
    }

    static async Task<SteppedWorld> ReceivingAsync()
    {
        var world = await SteppedWorld.StartAsync("cp-1");
        await world.ApplyAsync(Receiving(Some.Trail()));
        await world.UntilAsync(
            "the certificates are there", async () => await FindAsync(world, ReceiverSecrets.Client("main")) is not null, 60);
        return world;
    }

    static Trail Receiving(Trail trail) => trail with
    {
        Spec = trail.Spec with { Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Webhook } } },
    };

    static async Task<V1Secret> SecretAsync(SteppedWorld world, string name) => (await FindAsync(world, name))!;

    static Task<V1Secret?> FindAsync(SteppedWorld world, string name) =>
        world.User.GetAsync<V1Secret>(new ObjectKey(Some.Namespace, name), Cancel);

    static async Task<IReadOnlyList<string>> AllAsync(SteppedWorld world) =>
    [
        .. (await world.User.ListAllAsync<V1Secret>(ResourceType.Of<V1Secret>(), new(Some.Namespace), Cancel)).Items
            .Where(secret => secret.Metadata.Name.Contains("-receiver-", StringComparison.Ordinal))
            .Select(secret => $"{secret.Metadata.Name} {secret.Metadata.ResourceVersion}").Order(StringComparer.Ordinal),
    ];

    static X509Certificate2 Certificate(V1Secret secret) =>
        X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(secret.Data![ReceiverSecrets.Certificate]));

    static bool IsOf(V1Secret authority, V1Secret secret, string usage, DateTimeOffset at)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(
            X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(authority.Data![ReceiverSecrets.Authorities])));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new(usage));
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        return chain.Build(Certificate(secret));
    }
}

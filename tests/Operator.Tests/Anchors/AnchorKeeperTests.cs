using System.Text;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Testing;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Anchors;

/// <summary>A whole operator that keeps the heads of its agents in a real store.</summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class AnchorKeeperTests(S3Fixture s3)
{
    const string Folder = "kept/anchors/cluster=prod/trail=main/node=cp-1/";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HeadsAreKeptAndOnlyMoveForward()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await using var world = await StartAsync(server, bucket, S3Server.SecretAccessKey);

        await world.WithinAMinuteAsync("Anchored", "True", "Anchored");
        var first = await ReadAsync(server, bucket);
        Assert.Equal(VerifyingKey.FromBase64((await world.TrailAsync())!.Status!.Integrity!.OperatorPublicKey!).Id, first.OperatorKeyId);
        await world.AdvanceAsync(900);
        var second = await ReadAsync(server, bucket);
        Assert.True(second.Head.Sequence > first.Head.Sequence, $"{second} does not follow {first}");

        // Somebody moved back what the operator knows.
        var secret = await world.User.GetAsync<V1Secret>(new(Some.Namespace, OperatorKey.SecretName), Cancel);
        using var own = SigningKey.FromPem(Encoding.UTF8.GetString(secret!.Data[OperatorKey.PrivateKey]));
        var ahead = SignedObject.Sign((second with { Head = second.Head with { Sequence = 100_000 } }).ToJson(), own);
        await WriteAsync(server, bucket, ahead.Bytes.ToArray());
        await world.RestartOperatorAsync();
        await world.WithinAMinuteAsync("Anchored", "False", "AnchorAhead");
        await world.AdvanceAsync(900);

        Assert.Equal(100_000, (await ReadAsync(server, bucket)).Head.Sequence);
        Assert.Contains("names digest 100000", await world.MessageAsync("Anchored"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatSomebodyElseWroteStaysAndIsSaid()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await using var world = await StartAsync(server, bucket, S3Server.SecretAccessKey);
        await world.WithinAMinuteAsync("Anchored", "True", "Anchored");
        using var other = SigningKey.Generate();
        var forged = await ReadAsync(server, bucket) with { OperatorKeyId = other.Public.Id };
        await WriteAsync(server, bucket, SignedObject.Sign(forged.ToJson(), other).Bytes.ToArray());

        await world.RestartOperatorAsync();
        await world.WithinAMinuteAsync("Anchored", "False", "AnchorDamaged");
        await world.AdvanceAsync(900);

        Assert.Equal(other.Public.Id, (await ReadAsync(server, bucket)).OperatorKeyId);
        Assert.Contains("delete this version", await world.MessageAsync("Anchored"), StringComparison.Ordinal);
        await server.Client.DeleteObjectAsync(bucket, await NameAsync(server, bucket), Cancel);
        await world.AdvanceAsync(360);
        Assert.Equal(("True", "Anchored"), await world.ConditionAsync("Anchored"));
    }

    [Fact]
    public async Task WhatTheStoreRefusesIsSaidAndTriedAgain()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await using var world = await StartAsync(server, bucket, "wrong");

        await world.WithinAMinuteAsync("Anchored", "False", "SignatureDoesNotMatch");
        Assert.Equal(("True", "Recording"), await world.ConditionAsync("Ready"));
        Assert.Equal("True", (await world.ConditionAsync("Intact")).Status);

        await SaveSecretAsync(world, S3Server.SecretAccessKey);
        await world.WithinAMinuteAsync("Anchored", "True", "Anchored");
        Assert.True((await ReadAsync(server, bucket)).Head.Sequence > 0);
    }

    [Fact]
    public async Task AnotherBucketGetsAllHeadsAndTheFirstKeepsIts()
    {
        var server = await s3.StartedAsync();
        var (bucket, other) = (await server.CreateBucketAsync(), await server.CreateBucketAsync());
        await using var world = await StartAsync(server, bucket, S3Server.SecretAccessKey);
        await world.WithinAMinuteAsync("Anchored", "True", "Anchored");
        var first = await ReadAsync(server, bucket);

        await ApplyAsync(world, server, other);
        await world.AdvanceAsync(30);
        Assert.Equal(first.Head.ChainId, (await ReadAsync(server, other)).Head.ChainId);
        await world.AdvanceAsync(900);

        Assert.Equal(("True", "Anchored"), await world.ConditionAsync("Anchored"));
        Assert.Contains(other, await world.MessageAsync("Anchored"), StringComparison.Ordinal);
        Assert.Equal(first.Head, (await ReadAsync(server, bucket)).Head);
        Assert.True((await ReadAsync(server, other)).Head.Sequence > first.Head.Sequence);
    }

    [Fact]
    public async Task InAnOutageOfTheSinkTheAnchorStaysAtWhatItHasConfirmed()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await using var world = await StartAsync(server, bucket, S3Server.SecretAccessKey);
        await world.WithinAMinuteAsync("Anchored", "True", "Anchored");
        var chain = world.Nodes.AgentOf("cp-1", "main").Chain;
        var first = await ReadAsync(server, bucket);
        chain.DeliversDigests = false;
        await world.AdvanceAsync(1200);
        Assert.Equal(first.Head, (await ReadAsync(server, bucket)).Head);

        chain.DeliversDigests = true;
        await world.AdvanceAsync(600);
        Assert.True((await ReadAsync(server, bucket)).Head.Sequence >= first.Head.Sequence + 4);
    }

    static async Task<SteppedWorld> StartAsync(S3Server server, string bucket, string secret)
    {
        var world = await SteppedWorld.StartAsync("cp-1");
        await SaveSecretAsync(world, secret);
        await ApplyAsync(world, server, bucket);
        await world.AdvanceAsync(30);
        return world;
    }

    static Task ApplyAsync(SteppedWorld world, S3Server server, string bucket)
    {
        var trail = Some.Trail();
        return world.ApplyAsync(trail with
        {
            Spec = trail.Spec with
            {
                Integrity = new()
                {
                    IntervalSeconds = 60,
                    Anchor = new()
                    {
                        Bucket = bucket,
                        Prefix = "kept",
                        Endpoint = server.Endpoint.ToString(),
                        PathStyle = true,
                        IntervalSeconds = 300,
                        Credentials = new() { Name = "anchors" },
                    },
                },
            },
        });
    }

    static async Task SaveSecretAsync(SteppedWorld world, string secret)
    {
        var before = await world.User.GetAsync<V1Secret>(new ObjectKey(Some.Namespace, "anchors"), Cancel);
        var made = before ?? new V1Secret { Metadata = new() { Name = "anchors", NamespaceProperty = Some.Namespace } };
        made.Data = new Dictionary<string, byte[]>
        {
            ["accessKeyId"] = Encoding.UTF8.GetBytes(S3Server.AccessKeyId),
            ["secretAccessKey"] = Encoding.UTF8.GetBytes(secret),
        };
        await world.User.SaveAsync(made, Cancel);
    }

    static async Task WriteAsync(S3Server server, string bucket, byte[] bytes) => await server.Client.PutObjectAsync(
        new() { BucketName = bucket, Key = await NameAsync(server, bucket), InputStream = new MemoryStream(bytes) }, Cancel);

    static async Task<ChainAnchor> ReadAsync(S3Server server, string bucket) =>
        ChainAnchor.Read(SignedObject.Read(await server.ReadAsync(bucket, await NameAsync(server, bucket))));

    static async Task<string> NameAsync(S3Server server, string bucket) => Assert.Single(
        (await server.Client.ListObjectsV2Async(new() { BucketName = bucket, Prefix = Folder }, Cancel)).S3Objects).Key;
}

using Amazon.S3.Model;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>The same in a real S3 store; with Object Lock its buckets are versioned, and what is deleted or overwritten has a version still.</summary>
[Collection(S3Fixture.Collection)]
public sealed class VerifyS3Tests(S3Fixture s3)
{
    const string Prefix = "prod";
    const int Share = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ManipulationsAreFoundInABucket(bool objectLock)
    {
        var server = await s3.StartedAsync();
        foreach (var (at, manipulation) in Manipulations.All.Index().Where(one => one.Index % Share == (objectLock ? 1 : 0)))
        {
            using var world = new TwoNodes(at);
            var bucket = await server.CreateBucketAsync(objectLock);
            await PutAsync(server, bucket, world.Objects, before: []);
            var before = new Dictionary<string, byte[]>(world.Objects);
            Assert.Null((await VerifyAsync(server, bucket, world)).Gravest(strict: true));

            manipulation.Apply(world, 0);
            await PutAsync(server, bucket, world.Objects, before);
            var result = await VerifyAsync(server, bucket, world);

            Assert.True(result.Findings.Findings.Any(finding => finding.Kind == manipulation.Kind), manipulation.Name);
            Assert.Equal(manipulation.Consequences.Append(manipulation.Kind).Max(), result.Gravest(strict: false));
        }
    }

    // In a locked bucket anybody with s3:DeleteObject can do this: it leaves the version, and no listing and no get has the object.
    [Fact]
    public async Task AnObjectThatADeleteMarkerHidesIsMissing()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync(objectLock: true);
        using var world = new TwoNodes(1);
        await PutAsync(server, bucket, world.Objects, before: []);
        var hidden = world.Pick("events", 0);

        await server.Client.DeleteObjectAsync(bucket, $"{Prefix}/{hidden}");
        var result = await VerifyAsync(server, bucket, world);

        var versions = await server.Client.ListVersionsAsync(bucket, $"{Prefix}/{hidden}");
        Assert.Equal([true, false], versions.Versions.Select(one => one.IsDeleteMarker == true));
        Assert.Equal((FindingKind.MissingObject, hidden), (result.Gravest(strict: true), Assert.Single(result.Findings.Findings).Subject));
    }

    [Fact]
    public async Task AnEmptyBucketIsNotVerified()
    {
        var server = await s3.StartedAsync();
        var store = new BucketStore(server.Client, await server.CreateBucketAsync(), Prefix);
        using var world = new TwoNodes(1);

        var result = await VerifyAsync(store, world);

        Assert.Equal(FindingKind.NothingFound, result.Gravest(strict: false));
    }

    static Task<VerificationResult> VerifyAsync(S3Server server, string bucket, TwoNodes world) =>
        VerifyAsync(new BucketStore(server.Client, bucket, Prefix), world);

    static Task<VerificationResult> VerifyAsync(BucketStore store, TwoNodes world) => new Verifier(
        store, new(ArchiveScope.All, new([world.Archive.Operator.Public], []), world.Heads, world.Archive.Now), new NoProgress())
        .VerifyAsync(TestContext.Current.CancellationToken);

    // What is not there any more is deleted, what is new or different is put.
    static async Task PutAsync(S3Server server, string bucket, IDictionary<string, byte[]> after, Dictionary<string, byte[]> before)
    {
        foreach (var name in before.Keys.Except(after.Keys))
            await server.Client.DeleteObjectAsync(bucket, $"{Prefix}/{name}");
        foreach (var (name, bytes) in after.Where(one => !before.TryGetValue(one.Key, out var old) || !old.SequenceEqual(one.Value)))
        {
            using var stream = new MemoryStream(bytes);
            await server.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = $"{Prefix}/{name}", InputStream = stream });
        }
    }

    sealed class NoProgress : IVerificationProgress
    {
        public void Found(long more)
        {
        }

        public void Done()
        {
        }
    }
}

using Amazon.Runtime;
using Amazon.S3;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Fixtures;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Verify;
using ClusterTrail.Testing;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Keys;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>Anchors in a real bucket that keeps what was replaced and deleted.</summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class AnchorVersionsTests(S3Fixture s3) : IDisposable
{
    static readonly ChainOwner Owner = new("prod", "main", "cp-1", "agent");
    static readonly string Name = ChainAnchor.NameOf(Owner, new('c', 32));

    readonly SigningKey key = SigningKey.Generate();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task WhatIsFurthestOfAllVersionsCounts()
    {
        var (server, bucket) = await StartAsync();
        foreach (var sequence in new[] { 3, 9, 4, 5 })
            await PutAsync(server, bucket, Anchor(sequence));

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Equal(9, Assert.Single(given.Heads).Head.Sequence);
        var finding = Assert.Single(given.Findings);
        Assert.Equal((FindingKind.AnchorTampered, "prod/main/cp-1", Name), (finding.Kind, $"{finding.Node}", finding.Subject));
        Assert.Contains("names digest 5, and an earlier version digest 9", finding.Message, StringComparison.Ordinal);
        Assert.Empty(given.Notes);
    }

    [Fact]
    public async Task AnAnchorThatOnlyMovesForwardIsNoFinding()
    {
        var (server, bucket) = await StartAsync();
        foreach (var sequence in new[] { 3, 4, 4, 9 })
            await PutAsync(server, bucket, Anchor(sequence));

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Equal((9, 0, 0), (Assert.Single(given.Heads).Head.Sequence, given.Findings.Count, given.Notes.Count));
    }

    // As one of a storage class that must be restored first, or with a key of its writer's own.
    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public async Task AVersionThatIsNotGivenOutIsAFindingAndTheOthersCount(long unread)
    {
        var (server, bucket) = await StartAsync();
        foreach (var sequence in new[] { 3, 9, 4, 5 })
            await PutAsync(server, bucket, Anchor(sequence));
        var store = new WithUnreadVersions(new(server.Client, bucket, ""), at => at == (unread == 3 ? 3 : 2));

        var given = await new AnchoredHeads(store, ArchiveScope.All, new([key.Public], [])).ReadAsync(DateTimeOffset.UtcNow, withVersions: true, Cancel);

        Assert.Equal(unread == 9 ? 5 : 9, Assert.Single(given.Heads).Head.Sequence);
        var finding = given.Findings[0];
        Assert.Equal(FindingKind.Unreadable, finding.Kind);
        Assert.Contains("cannot be read: InvalidObjectState", finding.Message, StringComparison.Ordinal);
        // What the others say is found all the same.
        Assert.Equal(unread == 9 ? 1 : 2, given.Findings.Count);
        Assert.Empty(given.Notes);
    }

    [Fact]
    public async Task SomethingElseInAnotherPlaceIsAFindingAndHidesNothing()
    {
        var (server, bucket) = await StartAsync();
        await PutAsync(server, bucket, Anchor(9));
        var place = ChainAnchor.NameOf(Owner with { Node = "cp-2" }, new('c', 32));
        await server.Client.PutObjectAsync(
            new() { BucketName = bucket, Key = place, InputStream = new MemoryStream("oops"u8.ToArray()) }, Cancel);

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Equal(9, Assert.Single(given.Heads).Head.Sequence);
        Assert.Equal((FindingKind.AnchorTampered, place), (Assert.Single(given.Findings).Kind, given.Findings[0].Subject));
    }

    [Fact]
    public async Task ADeletedAnchorIsFoundByItsVersions()
    {
        var (server, bucket) = await StartAsync();
        await PutAsync(server, bucket, Anchor(7));
        await server.Client.DeleteObjectAsync(bucket, Name, Cancel);

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Equal(7, Assert.Single(given.Heads).Head.Sequence);
        Assert.Contains("was deleted", Assert.Single(given.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatWasWrittenOverAnAnchorDoesNotCount()
    {
        var (server, bucket) = await StartAsync();
        await PutAsync(server, bucket, Anchor(7));
        await PutAsync(server, bucket, "oops"u8.ToArray());
        await PutAsync(server, bucket, "again"u8.ToArray());

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Equal(7, Assert.Single(given.Heads).Head.Sequence);
        Assert.Contains("cannot be trusted", Assert.Single(given.Findings).Message, StringComparison.Ordinal);
        Assert.Contains("left out: 1.", Assert.Single(given.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoAnchorsWithOneNumberAreAFinding()
    {
        var (server, bucket) = await StartAsync();
        await PutAsync(server, bucket, Anchor(7));
        await PutAsync(server, bucket, Anchor(7, 'f'));

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Contains("name another digest 7", Assert.Single(given.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABucketWithoutVersionsIsSaid()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await PutAsync(server, bucket, Anchor(7));

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Equal(7, Assert.Single(given.Heads).Head.Sequence);
        Assert.Contains("keeps no versions", Assert.Single(given.Notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"s3:ListBucket\",\"s3:GetObject\"")]
    [InlineData("\"s3:ListBucket\",\"s3:ListBucketVersions\",\"s3:GetObject\"")]
    public async Task WhoMayNotReadVersionsIsToldWhatDoesNotShow(string actions)
    {
        var (server, bucket) = await StartAsync();
        await PutAsync(server, bucket, Anchor(9));
        await PutAsync(server, bucket, Anchor(5));
        await server.Client.PutBucketPolicyAsync(bucket, $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["{{S3Server.WriterArn}}"]},
             "Action":[{{actions}}],"Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"]}]}
            """, Cancel);
        using var limited = new AmazonS3Client(
            new BasicAWSCredentials(S3Server.WriterAccessKeyId, S3Server.WriterSecretAccessKey),
            new AmazonS3Config { ServiceURL = server.Endpoint.ToString(), AuthenticationRegion = "us-east-1", ForcePathStyle = true });

        var given = await ReadAsync(new(limited, bucket, ""));

        Assert.Equal((5, 0), (Assert.Single(given.Heads).Head.Sequence, given.Findings.Count));
        Assert.Contains("Grant s3:ListBucketVersions and s3:GetObjectVersion", Assert.Single(given.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAChainThatMovesVersionsFromBeforeAMonthAreLeftOutUnlessAskedFor()
    {
        var (server, bucket) = await StartAsync();
        var later = DateTimeOffset.UtcNow.AddDays(31);
        foreach (var sequence in new[] { 9, 3, 4 })
            await PutAsync(server, bucket, Anchor(sequence));
        await PutAsync(server, bucket, Anchor(5, at: later.AddDays(-1)));
        var store = new BucketStore(server.Client, bucket, "");

        var given = await ReadAsync(store, later);
        var whole = await ReadAsync(store, later, ArchiveScope.All with { Since = DateTimeOffset.UtcNow.AddDays(-1) });

        Assert.Equal(5, Assert.Single(given.Heads).Head.Sequence);
        Assert.Contains("2 versions of anchors from before", Assert.Single(given.Notes), StringComparison.Ordinal);
        Assert.Equal((9, 0), (Assert.Single(whole.Heads).Head.Sequence, whole.Notes.Count));
    }

    // Who can write there could move it back, and wait for a month.
    [Fact]
    public async Task OfAChainThatDoesNotMoveAllVersionsAreRead()
    {
        var (server, bucket) = await StartAsync();
        foreach (var sequence in new[] { 9, 3, 4, 5 })
            await PutAsync(server, bucket, Anchor(sequence));

        var given = await ReadAsync(new(server.Client, bucket, ""), DateTimeOffset.UtcNow.AddDays(31));

        Assert.Equal((9, 0), (Assert.Single(given.Heads).Head.Sequence, given.Notes.Count));
        Assert.Equal(FindingKind.AnchorTampered, Assert.Single(given.Findings).Kind);
    }

    [Theory]
    [InlineData(0, FindingKind.AnchorTampered)]
    [InlineData(31, null)]
    public async Task AFloodOfVersionsIsAFindingAndIsNotReadToItsEnd(int days, FindingKind? kind)
    {
        var (server, bucket) = await StartAsync();
        foreach (var sequence in new[] { 9, 3, 4, 5, 6 })
            await PutAsync(server, bucket, Anchor(sequence));

        var given = await new AnchoredHeads(new BucketStore(server.Client, bucket, ""), ArchiveScope.All, new([key.Public], [])) { MostVersions = 3 }
            .ReadAsync(DateTimeOffset.UtcNow.AddDays(days), withVersions: true, Cancel);

        Assert.Equal(6, Assert.Single(given.Heads).Head.Sequence);
        Assert.Equal(kind, given.Findings.SingleOrDefault()?.Kind);
        Assert.Contains("2 versions of anchors", Assert.Single(given.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APlaceWithoutVersionsIsSaidThoughOthersHaveThem()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await PutAsync(server, bucket, Anchor(7));
        await server.Client.PutBucketVersioningAsync(
            new() { BucketName = bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } }, Cancel);
        await server.Client.PutObjectAsync(
            new()
            {
                BucketName = bucket,
                Key = ChainAnchor.NameOf(Owner with { Node = "cp-2" }, new('c', 32)),
                InputStream = new MemoryStream(Anchor(8, owner: Owner with { Node = "cp-2" })),
            },
            Cancel);

        var given = await ReadAsync(new(server.Client, bucket, ""));

        Assert.Equal(2, given.Heads.Count);
        Assert.Contains("keeps no versions of 1 of 2 anchors", Assert.Single(given.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnOperatorsKeyThatIsNamedForAnotherClusterSaysNothingOfThisOne()
    {
        var (server, bucket) = await StartAsync();
        await PutAsync(server, bucket, Anchor(7));
        var store = new BucketStore(server.Client, bucket, "");

        TrustedKeys Of(string cluster) => new([key.Public], [])
        {
            Clusters = new Dictionary<string, IReadOnlyList<string>> { [key.Public.Id] = [cluster] },
        };

        var given = await new AnchoredHeads(store, ArchiveScope.All, Of("prod")).ReadAsync(DateTimeOffset.UtcNow, withVersions: true, Cancel);
        var refused = await Assert.ThrowsAsync<TrailException>(
            () => new AnchoredHeads(store, ArchiveScope.All, Of("dev")).ReadAsync(DateTimeOffset.UtcNow, withVersions: true, Cancel));

        Assert.Equal(7, Assert.Single(given.Heads).Head.Sequence);
        Assert.Contains("which --keys names for another cluster", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnlyWhatChangedIsReadAgain()
    {
        var (server, bucket) = await StartAsync();
        await PutAsync(server, bucket, Anchor(7));
        var anchors = new AnchoredHeads(new BucketStore(server.Client, bucket, ""), ArchiveScope.All, new([key.Public], []));

        Assert.Equal(7, Assert.Single((await anchors.ReadAsync(default, withVersions: false, Cancel)).Heads).Head.Sequence);
        Assert.Equal(7, Assert.Single((await anchors.ReadAsync(default, withVersions: false, Cancel)).Heads).Head.Sequence);
        await PutAsync(server, bucket, Anchor(8));
        Assert.Equal(8, Assert.Single((await anchors.ReadAsync(default, withVersions: false, Cancel)).Heads).Head.Sequence);

        await PutAsync(server, bucket, "oops"u8.ToArray());
        await Assert.ThrowsAsync<TrailException>(() => anchors.ReadAsync(default, withVersions: false, Cancel));
    }

    async Task<(S3Server Server, string Bucket)> StartAsync()
    {
        var server = await s3.StartedAsync();
        return (server, await server.CreateBucketAsync(objectLock: true));
    }

    Task<GivenHeads> ReadAsync(BucketStore store, DateTimeOffset? now = null, ArchiveScope? scope = null) =>
        new AnchoredHeads(store, scope ?? ArchiveScope.All, new([key.Public], []))
            .ReadAsync(now ?? DateTimeOffset.UtcNow, withVersions: true, Cancel);

    static async Task PutAsync(S3Server server, string bucket, byte[] bytes) => await server.Client.PutObjectAsync(
        new() { BucketName = bucket, Key = Name, InputStream = new MemoryStream(bytes) }, Cancel);

    byte[] Anchor(long sequence, char hash = 'a', DateTimeOffset? at = null, ChainOwner? owner = null) => SignedObject.Sign(
        new ChainAnchor
        {
            Owner = owner ?? Owner,
            Head = new(new('c', 32), sequence, new(hash, 64)),
            Until = DateTimeOffset.UnixEpoch,
            AnchoredAt = SignedTime.Cut(at ?? DateTimeOffset.UnixEpoch),
            Interval = TimeSpan.FromHours(1),
            OperatorKeyId = key.Public.Id,
        }.ToJson(),
        key).Bytes.ToArray();

    /// <summary>A bucket that does not give out some versions.</summary>
    /// <param name="isUnread">By the place among the versions, of which the newest is 0.</param>
    sealed class WithUnreadVersions(BucketStore bucket, Func<int, bool> isUnread) : IVersionedStore
    {
        readonly List<string?> ids = [];

        public string Name => bucket.Name;

        public int Concurrency => bucket.Concurrency;

        public IAsyncEnumerable<string> FoldersAsync(string folder, CancellationToken cancellationToken) =>
            bucket.FoldersAsync(folder, cancellationToken);

        public IAsyncEnumerable<StoredObject> ObjectsAsync(string folder, CancellationToken cancellationToken) =>
            bucket.ObjectsAsync(folder, cancellationToken);

        public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => bucket.OpenAsync(name, cancellationToken);

        public IAsyncEnumerable<StoredObject> BelowAsync(string folder, CancellationToken cancellationToken) =>
            bucket.BelowAsync(folder, cancellationToken);

        public async IAsyncEnumerable<StoredVersion> VersionsAsync(
            string folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var version in bucket.VersionsAsync(folder, cancellationToken))
            {
                ids.Add(version.Id);
                yield return version;
            }
        }

        public Task<Stream?> OpenAsync(StoredVersion version, CancellationToken cancellationToken) => isUnread(ids.IndexOf(version.Id))
            ? throw new StoreException("InvalidObjectState: The operation is not valid for the object's storage class.")
            : bucket.OpenAsync(version, cancellationToken);
    }
}

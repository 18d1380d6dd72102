using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Tests;

/// <summary>What somebody puts into an archive who has no key costs a finding, and neither the verifier nor much memory.</summary>
public sealed class HostileInputTests : IDisposable
{
    readonly TwoNodes world = new(1);

    public void Dispose() => world.Dispose();

    public static TheoryData<string> Changes =>
        ["nextBy 9999", "from 9999", "until 0001", "overflowing bytes", "overflowing losses", "huge numbers", "sequence 2^53 - 1"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task AChainOfANewKeyIsOneUnknownKey(string change)
    {
        using var other = SigningKey.Generate();
        var digest = Change(world.Digest(world.Names("digests", 0)[^1]), change) with { Key = other.Public, ChainId = new('e', 32) };
        world.Put(digest, other);

        var result = await world.Archive.VerifyAsync();

        Assert.Equal(1, result.CountOf(FindingKind.UnknownKey));
        Assert.Equal(0, result.CountOf(FindingKind.Unreadable));
        Assert.Equal(2, result.Chains.Count(chain => chain.IsNewest && chain.IsKnown));
        Assert.All(result.Findings.Counts, one => Assert.True(one.Count > 0));
    }

    [Fact]
    public async Task AKeyOnAnUnknownCurveIsRefused()
    {
        var name = world.Names("digests", 0)[^1];
        var digest = world.Digest(name);
        var der = Convert.FromBase64String(digest.Key.Base64);
        byte[] p256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        der[der.AsSpan().IndexOf(p256) + p256.Length - 1] = 0x63;
        var text = Encoding.UTF8.GetString(world.Objects[name])
            .Replace(digest.Key.Base64, Convert.ToBase64String(der), StringComparison.Ordinal)
            .Replace(digest.Key.Id, Convert.ToHexStringLower(SHA256.HashData(der)), StringComparison.Ordinal);
        Put(name, Encoding.UTF8.GetBytes(text));

        var result = await world.Archive.VerifyAsync();

        Assert.Equal(FindingKind.ChangedDigest, result.Gravest(strict: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task JunkOfTheLargestSizeIsNotTakenApart(bool isSigned)
    {
        using var other = SigningKey.Generate();
        var junk = $$"""{"a":[{{string.Join(',', Enumerable.Repeat('1', 7_000_000))}}],"publicKey":"{{other.Public.Base64}}"}""" + "\n";
        var bytes = Encoding.ASCII.GetBytes(junk + (isSigned ? Convert.ToBase64String(other.Sign(Encoding.ASCII.GetBytes(junk))) : "AAAA") + "\n");
        var (entry, catalog) = (new DigestEntry(0, 1, world.Archive.Now, Number(bytes), bytes.Length), await CatalogAsync());
        var reader = new DigestReader(new InMemoryArchive(world.Objects), Node, catalog, new(), ArchiveScope.All);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = reader.Read(entry, isChecked: true, () => bytes);

        Assert.Null(reading.Digest);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2L * bytes.Length);
    }

    [Fact]
    public async Task LargeObjectsAreNotFetchedManyAhead()
    {
        var store = new CountingStore(world.Objects);
        for (var number = 100; number < 130; number++)
            Put(world.Names("digests", 0)[0].Replace("-00000001-", $"-{number:D8}-", StringComparison.Ordinal), new byte[3 << 20]);

        var result = await world.Archive.VerifyAsync(store: store);

        Assert.Equal(30, result.CountOf(FindingKind.ChangedDigest));
        Assert.InRange(store.MostOpen, 1, 30 / 2);
    }

    [Fact]
    public async Task AFailureOfTheVerifierIsAFindingOfTheNode()
    {
        var store = new InMemoryArchive(world.Objects) { Broken = "events/cluster=demo/trail=main/date=2026-03-01/node=node-2/" };

        var result = await world.Archive.VerifyAsync(store: store);

        Assert.Equal(FindingKind.Unreadable, result.Gravest(strict: false));
        Assert.Equal("node-2", Assert.Single(result.Findings.Findings).Node?.Node);
        Assert.Contains(result.Chains, chain => chain.Node.Node == "node-1");
    }

    static ArchiveNode Node => new("demo", "main", "node-1");

    static Digest Change(Digest digest, string change)
    {
        const long Largest = CanonicalJson.LargestInteger;
        var end = new DateTimeOffset(9999, 12, 31, 23, 59, 59, 999, TimeSpan.Zero);
        return change switch
        {
            "nextBy 9999" => digest with { NextBy = end },
            "from 9999" => digest with { From = end },
            "until 0001" => digest with { Until = new(1, 1, 1, 0, 30, 0, TimeSpan.Zero) },
            "overflowing bytes" => digest with
            {
                Objects = [.. Enumerable.Range(1, 1100).Select(at => Named(digest.Objects[0], at) with { Bytes = Largest, Records = Largest })],
            },
            "overflowing losses" => digest with
            {
                Lost = [.. Enumerable.Range(1, 1100).Select(at => new LostBatches("apiserver", at, Largest, LostBatches.Damaged))],
            },
            "huge numbers" => digest with { Sources = [.. digest.Sources.Select(source => source with { NextSequence = Largest })] },
            _ => digest with { Sequence = Largest },
        };
    }

    static DigestObject Named(DigestObject one, int sequence)
    {
        Assert.True(BatchName.TryParse(one.Name, out var name));
        return one with { Name = (name with { Sequence = sequence }).ToString(), Sequence = sequence };
    }

    static ulong Number(byte[] bytes) => ulong.Parse(
        Convert.ToHexString(SHA256.HashData(bytes))[..16], System.Globalization.NumberStyles.AllowHexSpecifier,
        System.Globalization.CultureInfo.InvariantCulture);

    async Task<DigestCatalog> CatalogAsync()
    {
        var folders = new NodeFolders(Node);
        folders.DigestDates.Add("2026-03-01");
        return await DigestCatalog.ListAsync(new InMemoryArchive(world.Objects), folders, TestContext.Current.CancellationToken);
    }

    void Put(string name, byte[] bytes)
    {
        Assert.True(DigestName.TryParse(name, out var digest));
        world.Objects[(digest with { Hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16] }).ToString()] = bytes;
        if (digest.Sequence < 100)
            world.Objects.Remove(name);
    }

    sealed class CountingStore(IReadOnlyDictionary<string, byte[]> objects) : IArchiveStore
    {
        readonly InMemoryArchive inner = new(objects);
        int open;

        public int MostOpen { get; private set; }

        public string Name => inner.Name;

        public int Concurrency => 32;

        public IAsyncEnumerable<string> FoldersAsync(string folder, CancellationToken cancellationToken) =>
            inner.FoldersAsync(folder, cancellationToken);

        public IAsyncEnumerable<StoredObject> ObjectsAsync(string folder, CancellationToken cancellationToken) =>
            inner.ObjectsAsync(folder, cancellationToken);

        public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
        {
            var isLarge = objects.TryGetValue(name, out var bytes) && bytes.Length > 1 << 20;
            if (isLarge)
                MostOpen = Math.Max(MostOpen, Interlocked.Increment(ref open));
            await Task.Delay(TimeSpan.FromMilliseconds(isLarge ? 5 : 0), cancellationToken);
            if (isLarge)
                Interlocked.Decrement(ref open);
            return await inner.OpenAsync(name, cancellationToken);
        }
    }
}

using System.Security.Cryptography;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Testing;

/// <summary>A plain verifier of an archive, which shares no code with the real one: what is wrong with it, a sentence each.</summary>
public sealed class DigestedArchive
{
    readonly IReadOnlyDictionary<string, byte[]> objects;
    readonly List<string> problems = [];
    readonly Dictionary<string, string> named = [];
    readonly Dictionary<string, string> absent = [];

    readonly bool isClockSet;

    DigestedArchive(IReadOnlyDictionary<string, byte[]> objects, bool isClockSet) =>
        (this.objects, this.isClockSet) = (objects, isClockSet);

    /// <summary>The digests that it has, by chain and in their order.</summary>
    public IReadOnlyList<IReadOnlyList<(Digest Digest, SignedObject Signed)>> Chains { get; private set; } = [];

    public IReadOnlyList<string> Problems => problems;

    /// <param name="isClockSet">Somebody set the clock in between: then nothing can be late.</param>
    public static DigestedArchive Check(IReadOnlyDictionary<string, byte[]> objects, bool isClockSet = false)
    {
        var archive = new DigestedArchive(objects, isClockSet);
        archive.Check();
        return archive;
    }

    public static DigestedArchive CheckFolder(string folder) => Check(
        new[] { "digests", "events" }.Select(kind => Path.Combine(folder, kind)).Where(Directory.Exists)
            .SelectMany(path => Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes));

    void Check()
    {
        var digests = objects.Where(one => DigestName.TryParse(one.Key, out _)).Select(one => Read(one.Key, one.Value)).ToList();
        Chains =
        [
            .. digests.GroupBy(one => (one.Digest.Owner, one.Digest.ChainId))
                .Select(chain => chain.OrderBy(one => one.Digest.Sequence).ToList())
                .OrderBy(chain => chain[0].Digest.From),
        ];
        foreach (var chain in Chains)
        {
            CheckLinks(chain);
            CheckNumbers([.. chain.Select(one => one.Digest)]);
            CheckObjects([.. chain.Select(one => one.Digest)]);
        }

        // Another chain may know better: an agent that lost its state names again what it still finds.
        problems.AddRange(absent.Values);
        foreach (var name in objects.Keys.Where(name => !named.ContainsKey(name)))
        {
            if (BatchName.TryParse(name, out var batch) && WhyUnnamed(batch) is null)
            {
                problems.Add($"no digest names {name}");
            }
        }
    }

    (Digest Digest, SignedObject Signed) Read(string name, byte[] bytes)
    {
        var signed = SignedObject.Read(bytes);
        var digest = Digest.Read(signed);
        Require(digest.NameOf(signed).ToString() == name, $"{name} is under another name");
        Require(signed.IsSignedBy(digest.Key), $"{name} has a bad signature");
        return (digest, signed);
    }

    void CheckLinks(IReadOnlyList<(Digest Digest, SignedObject Signed)> chain)
    {
        var newest = chain[^1].Digest;
        var expected = 1L;
        for (var at = 0; at < chain.Count; at++)
        {
            var (digest, signed) = chain[at];
            Require(digest.Sequence >= expected, $"{digest.ChainId} forks at {digest.Sequence}");
            for (; expected < digest.Sequence; expected++)
            {
                var sequence = expected;
                var isExcused = newest.WaitingDigests.Any(range => range.Contains(sequence))
                    || chain.Any(later => later.Digest.LostDigests.Any(lost => lost.Sequence == sequence));
                Require(isExcused, $"{digest.ChainId}: digest {sequence} is missing");
            }

            expected++;
            if (at > 0 && chain[at - 1] is var (before, signedBefore) && before.Sequence == digest.Sequence - 1)
            {
                var link = new DigestLink(before.NameOf(signedBefore).ToString(), signedBefore.Sha256);
                Require(digest.Previous == link, $"{digest.ChainId}: {digest.Sequence} does not follow from {before.Sequence}");
                Require(digest.From == before.Until, $"{digest.ChainId}: {digest.Sequence} does not go on from {before.Until}");
                Require(digest.Key == (before.NextKey ?? before.Key), $"{digest.ChainId}: {digest.Sequence} has another key");
                Require(
                    before.NextBy is not { } nextBy || digest.Reason == DigestReason.Start || digest.Until <= nextBy || isClockSet,
                    $"{digest.ChainId}: {digest.Sequence} is late");
            }
        }
    }

    void CheckNumbers(List<Digest> chain)
    {
        Dictionary<string, long> next = [];
        long before = 0;
        foreach (var digest in chain)
        {
            if (digest.Sequence != before + 1)
            {
                next.Clear();
            }

            before = digest.Sequence;
            foreach (var source in digest.Sources)
            {
                var expected = next.TryGetValue(source.Name, out var known) ? known : (long?)null;
                foreach (var one in digest.Objects.Where(one => one.Source == source.Name))
                {
                    RequireNumber(digest, source, expected, one.Sequence);
                    expected = one.Sequence + 1;
                }

                RequireNumber(digest, source, expected, source.NextSequence);
                next[source.Name] = source.NextSequence;
            }
        }
    }

    void RequireNumber(Digest digest, DigestSource source, long? expected, long found)
    {
        if (expected is not { } from || from == found || (found < from && source.Restarted))
        {
            return;
        }

        for (var number = from; number < found; number++)
        {
            var missing = number;
            Require(
                digest.Lost.Any(lost => lost.Contains(source.Name, missing)),
                $"{digest.Sequence}: {source.Name} {missing} is a gap undeclared");
        }

        Require(found >= from, $"{digest.Sequence}: {source.Name} went back from {from} to {found}");
    }

    void CheckObjects(List<Digest> chain)
    {
        foreach (var digest in chain)
        {
            foreach (var one in digest.Objects)
            {
                var known = named.GetValueOrDefault(one.Name, one.Sha256);
                Require(known == one.Sha256, $"{digest.Sequence} names otherwise {one.Name}");
                named[one.Name] = one.Sha256;
                CheckObject(chain, digest, one);
            }
        }
    }

    void CheckObject(List<Digest> chain, Digest digest, DigestObject one)
    {
        if (objects.TryGetValue(one.Name, out var bytes))
        {
            Require(bytes.Length == one.Bytes, $"{one.Name} has another length");
            Require(Convert.ToHexStringLower(SHA256.HashData(bytes)) == one.Sha256, $"{one.Name} was changed");
        }
        else if (!chain[^1].Waiting.Any(range => range.Contains(one.Source, one.Sequence))
            && !chain.Any(later => later.Sequence >= digest.Sequence && later.Lost.Any(lost => lost.Contains(one.Source, one.Sequence))))
        {
            absent[one.Name] = $"missing is {one.Name}, which {digest.Sequence} of {digest.ChainId} names";
        }
    }

    string? WhyUnnamed(BatchName batch)
    {
        var chains = Chains.Select(chain => chain.Select(one => one.Digest).ToList())
            .Where(chain => chain.Any(digest => digest.Sources.Any(source => source.Name == batch.Source))).ToList();
        if (chains.Count == 0)
        {
            return null;
        }

        long? Next(Digest digest) => digest.Sources.FirstOrDefault(source => source.Name == batch.Source)?.NextSequence;
        var first = chains[0].First(digest => Next(digest) is not null);
        return Next(chains[^1][^1]) <= batch.Sequence ? "not named yet"
            : batch.FirstEvent < chains[0][0].From || (first.Objects.Count == 0 && batch.Sequence < Next(first)) ? "before the chain"
            : chains.Any(chain => chain.Any(digest => digest.Lost.Any(lost =>
                lost.Reason == LostBatches.NotListed && lost.Contains(batch.Source, batch.Sequence)))) ? "declared"
            : chains.Any(chain => chain.Any(digest => digest.LostDigests.Count > 0 || digest.WaitingDigests.Count > 0)) ? "in a lost digest"
            : chains.SkipLast(1).Any(chain => chain[^1].Reason != DigestReason.Stop) ? "the state was lost"
            : null;
    }

    void Require(bool holds, string problem)
    {
        if (!holds)
        {
            problems.Add(problem);
        }
    }
}

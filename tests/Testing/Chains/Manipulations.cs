using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Testing.Chains;

/// <summary>All kinds of manipulation that a verifier must tell apart.</summary>
public static class Manipulations
{
    public static IReadOnlyList<Manipulation> All { get; } = [.. Objects(), .. Digests(), .. Tails(), .. Keys(), .. WithTheAgentsKey()];

    static IEnumerable<Manipulation> Objects() =>
    [
        new("an object is deleted", FindingKind.MissingObject, (world, node) => world.Objects.Remove(world.Pick("events", node))),
        new("three objects are deleted", FindingKind.MissingObject, (world, node) => Repeat(3, () => world.Objects.Remove(world.Pick("events", node))), 3),
        new("a byte of an object is changed", FindingKind.ChangedObject, (world, node) => Flip(world, world.Pick("events", node))),
        new("an object is cut off", FindingKind.ChangedObject, (world, node) => Change(world, world.Pick("events", node), bytes => bytes[..^1])),
        new("an object is emptied", FindingKind.ChangedObject, (world, node) => Change(world, world.Pick("events", node), _ => [])),
        new("the contents of two objects are swapped", FindingKind.ChangedObject, (world, node) => Swap(world, "events", node), 2),
        new("bytes are added to an object", FindingKind.TrailingBytes, (world, node) => Change(world, world.Pick("events", node), bytes => [.. bytes, 1, 2])),
        new("an object gets another time", FindingKind.MisnamedObject, (world, node) => Rename(world, world.Pick("events", node), "999")),
        new("an object is copied under another number", FindingKind.UnnamedObject, (world, node) => CopyAs(world, world.Names("events", node)[3], 5)),
        new("an object is added", FindingKind.UnnamedObject, (world, node) => Forge(world, node)),
        new("an object is added with a number to come", FindingKind.UnnamedObject,
            (world, node) => CopyAs(world, world.Names("events", node)[^1], 9999)),
        new("an object is copied under an odd name", FindingKind.UnnamedObject,
            (world, node) => CopyBeside(world, world.Names("events", node)[3], "0-apiserver-1-0123456789abcdef.ndjson.gz")),
        new("an object is copied to a folder below", FindingKind.UnnamedObject,
            (world, node) => CopyBeside(world, world.Names("events", node)[3], "more/copy.ndjson.zst.cms")),
        new("an object that was named before a digest was lost is deleted", FindingKind.MissingObject, (world, node) =>
        {
            var agent = world.Agents[node];
            agent.SealDigest();
            agent.SealDigest();
            agent.DamageDigest();
            agent.SealDigest();
            agent.Deliver();
            world.Objects.Remove(world.Names("events", node)[2]);
        }),
        new("an object is deleted whose number was lost before numbers started over", FindingKind.MissingObject, (world, node) =>
        {
            var agent = world.Agents[node];
            agent.SealBatch();
            var number = agent.Lose();
            agent.SealDigest();
            agent.RestartNumbers();
            var names = Enumerable.Range(1, (int)number + 1).Select(_ => agent.SealBatch()).ToList();
            agent.Deliver();
            agent.SealDigest();
            agent.Deliver();
            world.Objects.Remove(names.Single(one => one.Sequence == number).Name);
        }),
        new("an object is added behind the end", FindingKind.UnnamedObject, (world, node) =>
        {
            world.Agents[node].SealDigest(DigestReason.Stop);
            world.Agents[node].SealBatch();
            world.Agents[node].Deliver();
        }),
    ];

    static IEnumerable<Manipulation> Digests() =>
    [
        new("a digest is deleted", FindingKind.MissingDigest, (world, node) => world.Objects.Remove(world.Names("digests", node)[^3])),
        new("two digests in a row are deleted", FindingKind.MissingDigest,
            (world, node) => world.Names("digests", node)[^4..^2].ForEach(name => world.Objects.Remove(name)), 2),
        new("the first digest is deleted", FindingKind.MissingDigest, (world, node) => world.Objects.Remove(world.Names("digests", node)[0])),
        new("all digests of a node are deleted", FindingKind.MissingDigest,
            (world, node) => world.Names("digests", node).ForEach(name => world.Objects.Remove(name))) { Consequences = [FindingKind.UnnamedObject] },
        new("junk has the numbers of digests that are deleted", FindingKind.ChangedDigest, (world, node) =>
        {
            foreach (var name in world.Names("digests", node)[5..8])
            {
                world.Objects.Remove(name);
                world.Objects[name.Replace("date=2026", "date=2020", StringComparison.Ordinal)] = [1, 2, 3];
            }
        }, 3) { Consequences = [FindingKind.MissingDigest] },
        new("digests are moved to another date", FindingKind.MisnamedObject, (world, node) =>
        {
            foreach (var name in world.Names("digests", node)[3..6])
            {
                world.Objects.Remove(name, out var bytes);
                world.Objects[name.Replace("date=2026", "date=2020", StringComparison.Ordinal)] = bytes!;
            }
        }, 3),
        new("all digests of a node are deleted but one that is emptied", FindingKind.ChangedDigest, (world, node) =>
        {
            var names = world.Names("digests", node);
            names[1..].ForEach(name => world.Objects.Remove(name));
            world.Objects[names[0]] = [];
        }) { Consequences = [FindingKind.MissingDigest, FindingKind.UnnamedObject] },
        new("a chain is deleted that a key was enrolled for", FindingKind.MissingDigest, (world, node) =>
        {
            var before = world.Objects.Keys.ToHashSet(StringComparer.Ordinal);
            world.Agents[node].SealDigest(DigestReason.Stop);
            world.Agents[node].Deliver();
            before.UnionWith(world.Names("digests", node));
            world.Agents[node].LoseState();
            world.Pass(TimeSpan.FromMinutes(40));
            world.Names("events", node).Concat(world.Names("digests", node)).Where(name => !before.Contains(name)).ToList()
                .ForEach(name => world.Objects.Remove(name));
        }) { TakesTime = true },
        new("a digest is copied with another signature", FindingKind.ChangedDigest, (world, node) =>
        {
            var digest = world.Digest(world.Names("digests", node)[^3]);
            world.Put(digest, world.Agents[node].KeyOf(digest.Key));
        }),
        new("a byte of a digest is changed", FindingKind.ChangedDigest, (world, node) => Flip(world, world.Names("digests", node)[^3])),
        new("a digest is cut off", FindingKind.ChangedDigest, (world, node) => Change(world, world.Names("digests", node)[^3], bytes => bytes[..^9])),
        new("the contents of two digests are swapped", FindingKind.ChangedDigest, (world, node) => Swap(world, "digests", node, ^3, ^4), 2),
        new("bytes are added to a digest", FindingKind.TrailingBytes, (world, node) => Change(world, world.Pick("digests", node), bytes => [.. bytes, .. "x\n"u8])),
        new("a digest gets another time", FindingKind.MisnamedObject, (world, node) => Rename(world, world.Pick("digests", node), "999")),
        new("a digest is copied under another number", FindingKind.MisnamedObject, (world, node) => CopyAs(world, world.Names("digests", node)[3], 6)),
        new("a digest is copied to another node", FindingKind.ReplayedDigest, (world, node) => CopyTo(world, node, "/node=node-", "/node=other-")),
        new("a digest is copied to another cluster", FindingKind.ReplayedDigest, (world, node) => CopyTo(world, node, "cluster=demo", "cluster=prod")),
        new("a digest is copied to another Trail", FindingKind.ReplayedDigest, (world, node) => CopyTo(world, node, "trail=main", "trail=other")),
        new("a digest is edited and named anew", FindingKind.BadSignature, (world, node) => Edit(world, world.Names("digests", node)[^3])),
    ];

    static IEnumerable<Manipulation> Tails() =>
    [
        new("the newest digests are deleted, and a head is known", FindingKind.CutOffTail, (world, node) =>
        {
            world.Heads.Add(world.Head(node));
            world.Names("digests", node)[^2..].ForEach(name => world.Objects.Remove(name));
        }, 2),
        new("all of a node is deleted, and a head is known", FindingKind.CutOffTail, (world, node) =>
        {
            world.Heads.Add(world.Head(node));
            foreach (var kind in new[] { "events", "digests", "keys" })
                world.Names(kind, node).ForEach(name => world.Objects.Remove(name));
        }),
        new("the newest digests are deleted, and time passes", FindingKind.DigestOverdue, (world, node) =>
        {
            world.Names("digests", node)[^6..].ForEach(name => world.Objects.Remove(name));
            var last = world.Digest(world.Names("digests", node)[^1]);
            world.Names("events", node).Where(name => IsAfter(name, last)).ToList().ForEach(name => world.Objects.Remove(name));
        }),
        new("a head has another hash", FindingKind.ForkedChain, (world, node) =>
            world.Heads.Add(world.Head(node) with { Head = world.Head(node).Head with { Sha256 = new('0', 64) } })),
    ];

    static IEnumerable<Manipulation> Keys() =>
    [
        new("an enrolment is deleted", FindingKind.UnknownKey, (world, node) => world.Objects.Remove(world.Names("keys", node)[0])),
        new("a byte of an enrolment is changed", FindingKind.ChangedDigest, (world, node) => Flip(world, world.Names("keys", node)[0]))
        { Consequences = [FindingKind.UnknownKey] },
        new("somebody else enrols a key", FindingKind.UnknownKey, (world, node) =>
        {
            using var other = SigningKey.Generate();
            world.Archive.Enrol(world.Agents[node].Owner, other.Public, world.Archive.Now, by: other);
        }),
        new("a digest is signed by another key", FindingKind.UnknownKey, (world, node) =>
        {
            using var other = SigningKey.Generate();
            var name = world.Names("digests", node)[^1];
            var digest = world.Digest(name) with { Key = other.Public };
            world.Objects.Remove(name);
            world.Put(digest, other);
        }),
        new("a retired key is used", FindingKind.RetiredKey, (world, node) =>
            world.Archive.Retire(world.Agents[node].Owner, world.Agents[node].Key.Public, world.Archive.Now - TimeSpan.FromMinutes(22)), 2),
        new("an enrolment is copied to another node", FindingKind.ReplayedDigest, (world, node) =>
            CopyTo(world, node, "/node=node-", "/node=other-", "keys")),
    ];

    // What only the agent's own key can sign.
    static IEnumerable<Manipulation> WithTheAgentsKey() =>
    [
        new("a number has two digests", FindingKind.ForkedChain, (world, node) =>
        {
            var digest = world.Digest(world.Names("digests", node)[^1]);
            world.Put(digest with { AgentVersion = "0.1.1" }, world.Agents[node].KeyOf(digest.Key));
        }),
        new("a digest is signed anew", FindingKind.ForkedChain, (world, node) =>
            world.Replace(node, world.Names("digests", node)[^3], digest => digest with { AgentVersion = "0.1.1" })),
        new("a digest names one before the last before it", FindingKind.ReorderedChain, (world, node) =>
            world.Replace(node, world.Names("digests", node)[^1], digest => digest with { Previous = world.Digest(world.Names("digests", node)[^2]).Previous })),
        new("numbers of batches are left out", FindingKind.UndeclaredGap, (world, node) =>
            world.Replace(node, world.Names("digests", node)[^1], digest => digest with
            { Sources = [.. digest.Sources.Select(source => source with { NextSequence = source.NextSequence + 3 })] }), 3),
        new("bytes stand behind a frame that a digest names", FindingKind.TrailingBytes, (world, node) =>
        {
            world.Agents[node].SealBatch([.. ContentBytes.Of(Codec.Zstd, isEncrypted: false, [1, 2, 3]), 4, 5]);
            world.Agents[node].SealDigest();
            world.Agents[node].Deliver();
        }),
    ];

    static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
            action();
    }

    static void Change(TwoNodes world, string name, Func<byte[], byte[]> change) => world.Objects[name] = change(world.Objects[name]);

    static void Flip(TwoNodes world, string name) => Change(world, name, bytes =>
    {
        var changed = bytes.ToArray();
        changed[world.Random.Next(changed.Length)] ^= 1;
        return changed;
    });

    static void Swap(TwoNodes world, string kind, int node, Index? one = null, Index? other = null)
    {
        var names = world.Names(kind, node);
        var (a, b) = (names[one ?? 1], names[other ?? 2]);
        (world.Objects[a], world.Objects[b]) = (world.Objects[b], world.Objects[a]);
    }

    // The milliseconds of its name.
    static void Rename(TwoNodes world, string name, string milliseconds)
    {
        var at = name.LastIndexOf('/') + 7;
        world.Objects.Remove(name, out var bytes);
        world.Objects[name[..at] + milliseconds + name[(at + 3)..]] = bytes!;
    }

    static void CopyAs(TwoNodes world, string name, long sequence)
    {
        var parts = name.Split('-');
        parts[^2] = parts[^2] == $"{sequence:D8}" ? $"{sequence + 1:D8}" : $"{sequence:D8}";
        world.Objects[string.Join('-', parts)] = world.Objects[name];
    }

    static void CopyBeside(TwoNodes world, string name, string other) =>
        world.Objects[name[..(name.LastIndexOf('/') + 1)] + other] = world.Objects[name];

    static void CopyTo(TwoNodes world, int node, string from, string to, string kind = "digests")
    {
        var name = world.Names(kind, node)[0];
        world.Objects[name.Replace(from, to, StringComparison.Ordinal)] = world.Objects[name];
    }

    static void Forge(TwoNodes world, int node)
    {
        var name = world.Names("events", node)[4];
        var bytes = Encoding.UTF8.GetBytes($"forged {world.Random.Next()}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..BatchName.HashDigits];
        _ = BatchName.TryParse(name, out var batch);
        world.Objects[(batch with { Hash = hash }).ToString()] = bytes;
    }

    static void Edit(TwoNodes world, string name)
    {
        world.Objects.Remove(name, out var bytes);
        var text = Encoding.UTF8.GetString(bytes!).Replace("\"agentVersion\":\"0.1.0\"", "\"agentVersion\":\"0.1.9\"", StringComparison.Ordinal);
        var edited = Encoding.UTF8.GetBytes(text);
        _ = DigestName.TryParse(name, out var digest);
        world.Objects[(digest with { Hash = Convert.ToHexStringLower(SHA256.HashData(edited))[..BatchName.HashDigits] }).ToString()] = edited;
    }

    static bool IsAfter(string name, Digest digest) =>
        BatchName.TryParse(name, out var batch) && digest.Sources.Any(source => source.Name == batch.Source && source.NextSequence <= batch.Sequence);
}

using System.Security.Cryptography;
using ClusterTrail.Archive;
using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Testing.Chains;

/// <summary>An agent as the specification of digests wants it, without a log: it seals batches of random bytes, and digests that name them.</summary>
public sealed class SimulatedAgent : IDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    readonly Random random;
    readonly SimulatedArchive archive;
    readonly Dictionary<string, long> next = [];
    readonly List<DigestObject> unnamed = [];
    readonly List<(string Name, byte[] Bytes, DigestObject? Batch, long Digest)> spool = [];
    // Repeated until a digest with them has arrived; the number is that of the first one with them, 0 if there is none yet.
    readonly List<(LostBatches? Batches, LostDigest? Digest, long Since)> lost = [];
    readonly HashSet<string> restarted = [];
    readonly List<SigningKey> keys = [];
    readonly HashSet<long> announcing = [];
    DigestLink? previous;
    DateTimeOffset from;

    public SimulatedAgent(Random random, SimulatedArchive archive, ChainOwner owner, params string[] sources)
    {
        (this.random, this.archive, Owner) = (random, archive, owner);
        foreach (var source in sources)
            next[source] = 1;
        Begin();
    }

    public ChainOwner Owner { get; }

    public string ChainId { get; private set; } = "";

    public long Sequence { get; private set; }

    public SigningKey Key => keys[^1];

    /// <summary>By how much its clock is wrong.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>Whether the sink takes nothing.</summary>
    public bool IsOut { get; set; }

    public bool IsStopped { get; private set; }

    /// <summary>The newest digest that was delivered.</summary>
    public ChainHead? Delivered { get; private set; }

    DateTimeOffset Clock => SignedTime.Cut(archive.Now + Skew);

    /// <summary>Of an id, whoever has it: this agent now, or earlier.</summary>
    public SigningKey KeyOf(VerifyingKey key) => keys.Single(one => one.Public == key);

    /// <summary>Seals batches without digests, as an agent of an earlier version.</summary>
    public void SealBefore(int batches)
    {
        for (var i = 0; i < batches; i++)
            SealBatch();
        unnamed.Clear();
        Deliver();
        from = Clock;
    }

    public DigestObject SealBatch(byte[]? content = null)
    {
        var source = next.Keys.ElementAt(random.Next(next.Count));
        var (codec, isEncrypted) = (random.Next(3) == 0 ? Codec.Gzip : Codec.Zstd, random.Next(2) == 0);
        var inside = new byte[random.Next(1, 200)];
        random.NextBytes(inside);
        var bytes = content ?? ContentBytes.Of(codec, isEncrypted, inside);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var first = SignedTime.Cut(Clock - TimeSpan.FromSeconds(random.Next(60)));
        var name = new BatchName
        {
            Cluster = Owner.Cluster,
            Trail = Owner.Trail,
            Node = Owner.Node,
            FirstEvent = first,
            Source = source,
            Sequence = next[source]++,
            Hash = sha256[..BatchName.HashDigits],
            Codec = content is null ? codec : Codec.Zstd,
            Encrypted = content is null && isEncrypted,
        };
        var batch = new DigestObject
        {
            Name = name.ToString(),
            Sha256 = sha256,
            Bytes = bytes.Length,
            Records = random.Next(1, 100),
            Source = source,
            Sequence = name.Sequence,
            FirstEventTime = first,
            LastEventTime = Clock,
            FirstPosition = "0123456789abcdef:0",
            LastPosition = "0123456789abcdef:100",
        };
        unnamed.Add(batch);
        spool.Add((batch.Name, bytes, batch, 0));
        return batch;
    }

    /// <summary>Seals a digest.</summary>
    /// <param name="change">Makes it another one than it should be.</param>
    public Digest SealDigest(DigestReason reason = DigestReason.Period, bool rotates = false, Func<Digest, Digest>? change = null)
    {
        var nextKey = rotates ? SigningKey.Generate() : null;
        var digest = Digest(reason, nextKey?.Public);
        digest = change?.Invoke(digest) ?? digest;
        var signed = SignedObject.Sign(digest.ToJson(), Key);
        var name = digest.NameOf(signed).ToString();
        (Sequence, previous, from) = (digest.Sequence, new(name, signed.Sha256), digest.Until);
        spool.Add((name, signed.Bytes.ToArray(), null, Sequence));
        archive.Chains[signed.Sha256] = (ChainId, Sequence);
        unnamed.Clear();
        restarted.Clear();
        foreach (var (at, one) in lost.Index().ToList())
            lost[at] = one with { Since = one.Since == 0 ? Sequence : one.Since };
        IsStopped = reason == DigestReason.Stop;
        if (nextKey is not null)
        {
            keys.Add(nextKey);
            announcing.Add(Sequence);
        }

        return digest;
    }

    /// <summary>Delivers what waits, but for some of it.</summary>
    public void Deliver(double share = 1)
    {
        if (IsOut)
            return;
        foreach (var one in spool.ToList())
        {
            if (random.NextDouble() >= share)
                continue;
            archive.Objects[one.Name] = one.Bytes;
            spool.Remove(one);
            lost.RemoveAll(loss => loss.Since > 0 && loss.Since <= one.Digest);
            if (one.Digest > (Delivered?.Sequence ?? 0))
                Delivered = new(ChainId, one.Digest, Convert.ToHexStringLower(SHA256.HashData(one.Bytes)));
        }
    }

    /// <summary>The disk damages a batch that waits.</summary>
    public void Damage()
    {
        if (spool.FirstOrDefault(one => one.Batch is not null) is { Batch: { } batch } damaged)
        {
            spool.Remove(damaged);
            unnamed.Remove(batch);
            lost.Add((new(batch.Source, batch.Sequence, batch.Sequence, LostBatches.Damaged), null, 0));
        }
    }

    /// <summary>The disk damages the batch that was sealed last and waits.</summary>
    public long Lose()
    {
        var batch = unnamed[^1];
        unnamed.Remove(batch);
        spool.RemoveAll(one => one.Batch == batch);
        lost.Add((new(batch.Source, batch.Sequence, batch.Sequence, LostBatches.Damaged), null, 0));
        return batch.Sequence;
    }

    /// <summary>The disk damages a digest that waits, but for the newest one, which the agent has twice.</summary>
    public void DamageDigest()
    {
        if (spool.FirstOrDefault(one => one.Digest > 0 && one.Digest < Sequence && !announcing.Contains(one.Digest)) is { Bytes: not null } damaged)
        {
            spool.Remove(damaged);
            lost.Add((null, new(damaged.Digest, LostBatches.Damaged), 0));
        }
    }

    /// <summary>The agent loses what it knew of its sources, and numbers their batches from 1 on again.</summary>
    public void RestartNumbers()
    {
        foreach (var source in next.Keys.ToList())
        {
            next[source] = 1;
            restarted.Add(source);
        }
    }

    /// <summary>The disk is gone, and all that waited on it.</summary>
    public void LoseState()
    {
        var former = Delivered;
        spool.Clear();
        unnamed.Clear();
        lost.Clear();
        restarted.Clear();
        announcing.Clear();
        foreach (var source in next.Keys.ToList())
            next[source] = 1;
        // The operator meets each key while its agent runs, and the announcement of one may be lost with the disk.
        foreach (var key in keys.Skip(1))
            archive.Enrol(Owner, key.Public, archive.Now);
        Begin();
        archive.Now += TimeSpan.FromSeconds(1);
        archive.Enrol(Owner, Key.Public, archive.Now, former);
    }

    /// <summary>Only the chain's state is lost: another one begins with the same key, which no operator has met yet.</summary>
    public void LoseChain()
    {
        var former = Delivered;
        spool.Clear();
        Begin();
        keys[^1].Dispose();
        keys.RemoveAt(keys.Count - 1);
        Former = former;
    }

    /// <summary>The newest digest that was delivered of the chain before.</summary>
    public ChainHead? Former { get; private set; }

    public void Dispose() => keys.ForEach(key => key.Dispose());

    void Begin()
    {
        var id = new byte[16];
        random.NextBytes(id);
        (ChainId, Sequence, previous, from, IsStopped, Delivered) = (Convert.ToHexStringLower(id), 0, null, Clock, false, null);
        keys.Add(SigningKey.Generate());
    }

    Digest Digest(DigestReason reason, VerifyingKey? nextKey) => new()
    {
        Owner = Owner,
        ChainId = ChainId,
        Sequence = Sequence + 1,
        Reason = reason,
        Stop = reason == DigestReason.Stop ? StopCause.Shutdown : null,
        From = from,
        Until = Clock,
        NextBy = reason == DigestReason.Stop ? null : Clock + Period + Slack,
        Previous = previous,
        Key = Key.Public,
        NextKey = nextKey,
        AgentVersion = "0.1.0",
        Configuration = new(new('1', 64), null, null),
        Objects = [.. unnamed],
        Sources = [.. next.Select(source => Source(source.Key, source.Value))],
        Waiting = [.. spool.Where(one => one.Batch is not null).Select(one => new WaitingBatches(one.Batch!.Source, one.Batch.Sequence, one.Batch.Sequence))],
        WaitingDigests = [.. spool.Where(one => one.Batch is null).Select(one => new WaitingDigests(one.Digest, one.Digest))],
        Lost = [.. lost.Select(one => one.Batches).OfType<LostBatches>()],
        LostDigests = [.. lost.Select(one => one.Digest).OfType<LostDigest>()],
        Spool = new(0, spool.Count, 0, 0),
    };

    DigestSource Source(string name, long nextSequence) => new()
    {
        Name = name,
        NextSequence = nextSequence,
        Restarted = restarted.Contains(name),
        Events = 1,
        Truncated = 0,
        Oversized = 0,
        Unparsable = 0,
        Gaps = [],
    };
}

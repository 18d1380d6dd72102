using ClusterTrail.Archive.Digests;
using ClusterTrail.Verification.Heads;

namespace ClusterTrail.Testing.Chains;

/// <summary>An archive of two nodes in which all went well, to be manipulated: each has a chain with a rotated key, and batches in each digest.</summary>
public sealed class TwoNodes : IDisposable
{
    const int Digests = 9;

    /// <param name="ends">When the newest digest is sealed; null: at a fixed time.</param>
    public TwoNodes(int seed, DateTimeOffset? ends = null)
    {
        Random = new(seed);
        if (ends is { } end)
            Archive.Now = SignedTime.Cut(end - (Digests * TimeSpan.FromMinutes(5)));
        Agents = [.. new[] { "node-1", "node-2" }.Select(Start)];
        for (var i = 0; i < Digests; i++)
        {
            Archive.Now += TimeSpan.FromMinutes(5);
            foreach (var agent in Agents)
            {
                for (var batches = Random.Next(2, 5); batches > 0; batches--)
                    agent.SealBatch();
                agent.Deliver();
                agent.SealDigest(rotates: i == Digests / 3);
                agent.Deliver();
            }
        }
    }

    public Random Random { get; }

    public SimulatedArchive Archive { get; } = new();

    public IReadOnlyList<SimulatedAgent> Agents { get; }

    /// <summary>What a head file would say.</summary>
    public List<KnownHead> Heads { get; } = [];

    public SortedDictionary<string, byte[]> Objects => Archive.Objects;

    /// <summary>The names of a node's objects of a kind: events, digests, or keys; in the order of their time.</summary>
    public List<string> Names(string kind, int node) =>
        [.. Objects.Keys.Where(name => name.StartsWith(kind + "/cluster=demo/trail=main/", StringComparison.Ordinal) && name.Contains($"/node={Agents[node].Owner.Node}/"))];

    /// <summary>One of them, but for the first and the last two.</summary>
    public string Pick(string kind, int node)
    {
        var names = Names(kind, node);
        return names[Random.Next(1, names.Count - 2)];
    }

    /// <summary>Time passes, and all agents go on.</summary>
    public void Pass(TimeSpan time)
    {
        for (var ends = Archive.Now + time; Archive.Now < ends;)
        {
            Archive.Now += TimeSpan.FromMinutes(5);
            foreach (var agent in Agents)
            {
                agent.SealBatch();
                agent.SealDigest();
                agent.Deliver();
            }
        }
    }

    public Digest Digest(string name) => Read(Objects[name]);

    public KnownHead Head(int node) =>
        new(new(Agents[node].Owner.Cluster, Agents[node].Owner.Trail, Agents[node].Owner.Node), Agents[node].Owner.Chain, Agents[node].Delivered!, "a file");

    /// <summary>Signs another digest in the place of one, as who has the agent's key could.</summary>
    public string Replace(int node, string name, Func<Digest, Digest> change)
    {
        var digest = change(Digest(name));
        Objects.Remove(name);
        return Put(digest, Agents[node].KeyOf(digest.Key));
    }

    public string Put(Digest digest, SigningKey key)
    {
        var signed = SignedObject.Sign(digest.ToJson(), key);
        var name = digest.NameOf(signed).ToString();
        Objects[name] = signed.Bytes.ToArray();
        return name;
    }

    public void Dispose()
    {
        foreach (var agent in Agents)
            agent.Dispose();
        Archive.Dispose();
    }

    static Digest Read(byte[] bytes) => ClusterTrail.Archive.Digests.Digest.Read(SignedObject.Read(bytes));

    SimulatedAgent Start(string node)
    {
        var agent = new SimulatedAgent(Random, Archive, new("demo", "main", node, "agent"), "apiserver");
        Archive.Enrol(agent.Owner, agent.Key.Public, Archive.Now);
        agent.SealDigest(DigestReason.Start);
        agent.Deliver();
        return agent;
    }
}

using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing.Chains;

namespace ClusterTrail.Benchmarks;

/// <summary>Digests as agents seal them.</summary>
static class MeasuredDigests
{
    /// <summary>The stored bytes of a digest that names so many objects of an agent with so many sources.</summary>
    public static int Bytes(int objects, params string[] sources)
    {
        using var archive = new SimulatedArchive();
        using var agent = new SimulatedAgent(new(1), archive, new("production-eu", "main", "ip-10-0-12-34.eu-central-1", "agent"), sources);
        agent.SealDigest(DigestReason.Start);
        Seal(agent, objects);
        agent.Deliver();
        return archive.Objects.Where(one => one.Key.StartsWith("digests/", StringComparison.Ordinal)).Max(one => one.Value.Length);
    }

    public static void SealMany(int objects, int digests)
    {
        using var archive = new SimulatedArchive();
        using var agent = new SimulatedAgent(new(1), archive, new("production-eu", "main", "ip-10-0-12-34.eu-central-1", "agent"), "apiserver");
        for (var i = 0; i < digests; i++)
            Seal(agent, objects);
    }

    static void Seal(SimulatedAgent agent, int objects)
    {
        for (var i = 0; i < objects; i++)
            agent.SealBatch();
        agent.SealDigest();
    }
}

using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Testing.Chains;

/// <summary>An archive that nobody touched, of agents to which everything happened: crashes, outages, rotations, lost disks, clocks that were set.</summary>
public sealed class RandomArchive : IDisposable
{
    readonly Random random;

    public RandomArchive(int seed)
    {
        random = new(seed);
        foreach (var node in Enumerable.Range(1, random.Next(1, 4)))
            AddNode($"node-{node}");
        var steps = random.Next(5, 60);
        for (var step = 0; step < steps; step++)
            Step();
        Settle();
    }

    public SimulatedArchive Archive { get; } = new();

    public List<SimulatedAgent> Agents { get; } = [];

    public void Dispose()
    {
        Agents.ForEach(agent => agent.Dispose());
        Archive.Dispose();
    }

    void AddNode(string node)
    {
        AddAgent(node, "agent", "apiserver", "konnectivity-2");
        if (random.Next(3) == 0)
            AddAgent(node, "workload", "processes");
    }

    void AddAgent(string node, string chain, params string[] sources)
    {
        var agent = new SimulatedAgent(random, Archive, new("demo", "main", node, chain), sources);
        if (random.Next(3) == 0)
            agent.SealBefore(random.Next(1, 5));
        Archive.Enrol(agent.Owner, agent.Key.Public, Archive.Now);
        agent.SealDigest(DigestReason.Start);
        Agents.Add(agent);
    }

    void Step()
    {
        Archive.Now += TimeSpan.FromMinutes(random.Next(1, 6));
        foreach (var agent in Agents)
            Act(agent);
    }

    void Act(SimulatedAgent agent)
    {
        if (agent.IsStopped)
        {
            if (random.Next(2) == 0)
                agent.SealDigest(DigestReason.Start);
            return;
        }

        for (var batches = random.Next(4); batches > 0; batches--)
            agent.SealBatch();
        switch (random.Next(14))
        {
            case 0:
                agent.IsOut = !agent.IsOut;
                break;
            case 1:
                // A crash: it starts again, and says nothing of its end.
                Archive.Now += TimeSpan.FromMinutes(random.Next(90));
                agent.SealDigest(DigestReason.Start);
                break;
            case 2:
                agent.SealDigest(rotates: true);
                break;
            case 3:
                agent.SealDigest(DigestReason.Stop);
                break;
            case 4:
                agent.Skew = TimeSpan.FromMinutes(random.Next(-300, 300));
                break;
            // One whose first digest never arrived looks like one whose digests were all removed.
            case 5 when agent.Delivered is not null && random.Next(3) == 0:
                agent.LoseState();
                agent.SealDigest(DigestReason.Start);
                break;
            case 6:
                agent.Damage();
                break;
            case 7:
                agent.DamageDigest();
                break;
            default:
                agent.SealDigest();
                break;
        }

        agent.Deliver(share: random.NextDouble() < 0.5 ? 1 : random.NextDouble());
    }

    // At the end the clocks are right and the sinks there; the last batches may have no digest yet, and the last digests may be on their way.
    void Settle()
    {
        Archive.Now += TimeSpan.FromMinutes(5);
        foreach (var agent in Agents)
        {
            agent.Skew = TimeSpan.Zero;
            if (agent.IsStopped)
                agent.SealDigest(DigestReason.Start);
            agent.IsOut = false;
            agent.Deliver();
            agent.SealDigest(random.Next(4) == 0 ? DigestReason.Stop : DigestReason.Period);
            if (random.Next(2) == 0 && !agent.IsStopped)
                agent.SealBatch();
            agent.Deliver();
        }
    }
}

using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Operator.Tests.Events;

/// <summary>Random lives of three agents that find, restart, read again and do not answer: nothing is lost, nothing told twice, nothing too
/// often.</summary>
public sealed class FindingLedgerModelTests
{
    static readonly int Sequences = RandomSequences.Of(2000);

    [Fact]
    public void EveryFindingIsToldOnceAndNotTooOften()
    {
        for (var seed = 0; seed < Sequences; seed++)
            new World(seed).Live(polls: 150);
    }

    sealed class World(int seed)
    {
        readonly Random random = new(seed);
        readonly FindingLedger ledger = new(Some.Noon);
        readonly Node[] nodes = [new("cp-1"), new("cp-2"), new("cp-3")];
        DateTimeOffset now = Some.Noon;
        DateTimeOffset? lastTold;
        long reported;

        public void Live(int polls)
        {
            for (var poll = 0; poll < polls; poll++)
            {
                foreach (var node in nodes)
                    Act(node);
                Poll(nodes.Where(_ => random.Next(10) > 0));
            }

            now += TimeSpan.FromMinutes(5);
            Poll(nodes);
            now += TimeSpan.FromMinutes(5);
            Poll([]);
            Assert.True(nodes.All(node => node.Reported == node.Seen), $"Seed {seed}: a finding was never reported.");
            Assert.True(reported >= nodes.Sum(node => node.Seen),
                $"Seed {seed}: {reported} of {nodes.Sum(node => node.Seen)} findings were reported.");
            Assert.True(reported <= nodes.Sum(node => node.Seen + node.ReadAgain),
                $"Seed {seed}: {reported} of {nodes.Sum(node => node.Seen)} findings were reported.");
        }

        void Act(Node node)
        {
            // From a finding every minute to one in a quarter of an hour.
            if (random.Next(seed % 90 + 6) == 0)
                node.Find(now.AddSeconds(-random.Next(1, 9)));
            switch (random.Next(10))
            {
                case 2:
                    node.Save();
                    break;
                case 3 when random.Next(2) == 0:
                    node.Restart(now);
                    break;
                default:
                    node.Read(random.Next(3));
                    break;
            }
        }

        void Poll(IEnumerable<Node> answering)
        {
            var asked = answering.ToList();
            foreach (var node in asked)
                node.WasSeen();
            foreach (var news in ledger.Due(asked.Select(node => node.Report()), now))
            {
                Assert.True(now - lastTold is not { TotalMinutes: < 5 }, $"Seed {seed}: reported too often.");
                Assert.True(nodes.Any(node => node.Reported < node.Seen), $"Seed {seed}: reported again, and nothing was new.");
                ledger.Reported(news, now);
                (lastTold, reported) = (now, reported + news.Count);
                foreach (var node in nodes)
                    node.Reported = node.Seen;
            }

            now += TimeSpan.FromSeconds(10);
        }
    }

    /// <summary>An agent whose log is a row of findings.</summary>
    sealed class Node(string name)
    {
        readonly List<DateTimeOffset> log = [];
        DateTimeOffset startedAt = Some.Noon.AddSeconds(-1);
        int start, read, saved;

        readonly HashSet<int> seen = [];

        /// <summary>How many findings some answer has counted; what an agent found and saved, and did not live to answer, is none of
        /// them.</summary>
        public int Seen => seen.Count;

        public int Reported { get; set; }

        public int ReadAgain { get; private set; }

        public void Find(DateTimeOffset at) => log.Add(log.Count > 0 && log[^1] >= at ? log[^1].AddMilliseconds(1) : at);

        public void Read(int more) => read = Math.Min(log.Count, read + more);

        public void Save() => saved = read;

        public void Restart(DateTimeOffset at)
        {
            ReadAgain += read - saved;
            (startedAt, start, read) = (at, saved, saved);
        }

        public void WasSeen() => seen.UnionWith(Enumerable.Range(start, read - start));

        public AgentStatus Report() => read == start
            ? ReportedFindings.By(name, startedAt)
            : ReportedFindings.By(name, startedAt, ReportedFindings.PodExec(read - start, log[read - 1], $"{name}/{read}"));
    }
}

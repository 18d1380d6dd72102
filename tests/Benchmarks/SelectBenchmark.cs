using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>Parsing and selecting alone, with 20 rules.</summary>
static class SelectBenchmark
{
    const int WarmUpRounds = 10;
    const int Rounds = 20;

    public static double MegabytesPerCpuSecond()
    {
        var selector = new Selector(Contracts.LoadSelectors(AuditLog.DataPath("selectors-20-rules.json")));
        var index = new JsonIndex();
        Rush(WarmUpRounds, index, selector);
        return AuditLog.Content.Length * Rounds / 1e6 / CpuTime.Of(() => Rush(Rounds, index, selector));
    }

    static void Rush(int rounds, JsonIndex index, Selector selector)
    {
        for (var round = 0; round < rounds; round++)
        {
            Select(AuditLog.Content, index, selector);
        }
    }

    static void Select(ReadOnlySpan<byte> log, JsonIndex index, Selector selector)
    {
        while (!log.IsEmpty)
        {
            var end = log.IndexOf((byte)'\n');
            if (!AuditEvent.TryParse(log[..end], index, out var audit, out var reason))
            {
                throw new InvalidDataException(reason);
            }

            selector.Select(audit);
            log = log[(end + 1)..];
        }
    }
}

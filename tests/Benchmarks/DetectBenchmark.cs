using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Benchmarks;

/// <summary>Holding parsed events against rules, alone.</summary>
static class DetectBenchmark
{
    const int WarmUpRounds = 5;
    const int Rounds = 10;

    /// <summary>The time that each event needs, in nanoseconds of CPU, parsing apart; and the rules that take most of it.</summary>
    public static int Run(string[] packs)
    {
        var rules = new DetectionsFile { Packs = packs.Length > 0 ? packs : ["baseline", "falco-parity"] }.Effective();
        var lines = RealLog.Lines;
        var without = Nanoseconds([], lines);
        Report.Figure("detect.rules", rules.Count, "rules");
        Report.Figure("detect.parse_ns_per_event", without, "ns");
        Report.Figure("detect.ns_per_event", Nanoseconds(rules, lines) - without, "ns");
        foreach (var (rule, nanoseconds) in rules.Select(rule => (rule.Name, Nanoseconds([rule], lines) - without))
            .OrderByDescending(one => one.Item2).Take(12))
        {
            Report.Figure($"detect.rule.{rule}", nanoseconds, "ns");
        }
        return 0;
    }

    static double Nanoseconds(IReadOnlyList<DetectionRule> rules, IReadOnlyList<byte[]> lines)
    {
        var (detector, index) = (new Detector(new DetectionSet(rules)), new JsonIndex());
        Rush(WarmUpRounds);
        return CpuTime.Of(() => Rush(Rounds)) * 1e9 / Rounds / lines.Count;

        void Rush(int rounds)
        {
            for (var at = 0; at < rounds * lines.Count; at++)
            {
                AuditEvent.TryParse(lines[at % lines.Count], index, out var audit, out _);
                if (detector.Set.Detections.Count > 0)
                {
                    detector.Detect(audit, new(default, at));
                }
            }
        }
    }
}

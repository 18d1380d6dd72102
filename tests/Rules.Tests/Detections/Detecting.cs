using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>Rules that look at lines.</summary>
sealed class Detecting(params DetectionRule[] rules)
{
    readonly JsonIndex index = new();
    readonly Detector detector = new(new(rules));
    readonly RuleCounts[] counts = new RuleCounts[rules.Length];
    long lines;

    public Detector Detector => detector;

    public static DetectionRule Rule(Match? match = null, string name = "some-rule") => new()
    {
        Name = name,
        Severity = DetectionSeverity.High,
        Group = "access",
        Description = "Something happened.",
        Match = match ?? new(),
    };

    /// <summary>What a match says of a line.</summary>
    public static Outcome Test(byte[] line, Match match) => Test(line, Rule(match));

    /// <summary>What a rule, its exceptions included, says of a line.</summary>
    public static Outcome Test(byte[] line, DetectionRule rule)
    {
        Assert.True(AuditEvent.TryParse(line, new JsonIndex(), out var audit, out _));
        return new Detection(rule).Test(audit);
    }

    /// <summary>What a line fires; each line stands one byte after the one before.</summary>
    public IReadOnlyList<Finding> See(byte[] line)
    {
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        detector.Detect(audit, new(new(1, 2), lines++));
        // A rule that fails must not pass for one that is silent.
        for (var rule = 0; rule < counts.Length; rule++)
            counts[rule] = Sum(counts[rule], detector.TakeCounts(rule).ThrowIfFailed(detector.Set[rule].Rule.Name));
        return [.. detector.Findings];
    }

    /// <summary>How many findings the lines make.</summary>
    public int Count(params byte[][] all) => all.Sum(line => See(line).Count);

    /// <summary>What was counted of a rule since this was last asked.</summary>
    public RuleCounts Counts(int rule = 0)
    {
        var taken = counts[rule];
        counts[rule] = default;
        return taken;
    }

    static RuleCounts Sum(RuleCounts one, RuleCounts other) => new(one.IsEvaluable || other.IsEvaluable, one.NotEvaluable + other.NotEvaluable, one.Evicted + other.Evicted);
}

using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>Rules that look at lines.</summary>
sealed class Detecting(params DetectionRule[] rules)
{
    readonly JsonIndex index = new();
    readonly Detector detector = new(new(rules));
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
        return [.. detector.Findings];
    }

    /// <summary>How many findings the lines make.</summary>
    public int Count(params byte[][] all) => all.Sum(line => See(line).Count);

    public RuleCounts Counts(int rule = 0) => detector.TakeCounts(rule).ThrowIfFailed("of the test");
}

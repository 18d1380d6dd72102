using System.Text;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Detections;

sealed partial class Detection
{
    /// <summary>What the rule says of the event alone, whatever came before it.</summary>
    public DetectionExplanation Explain(in AuditEvent audit)
    {
        if (!Stages.Overlaps(StageSet.Of(audit.Stage)))
            return new(
                Verdict.OtherStage,
                $"stage {string.Join(" or ", Rule.Stages)}, and the event is of {Encoding.UTF8.GetString(audit.Stage)}");
        return Test(audit) switch
        {
            Outcome.Yes when Rule.Threshold is { } threshold =>
                new(Verdict.Counts, $"would count towards {threshold.Count} in {threshold.WindowSeconds} s{By(threshold, audit)}"),
            Outcome.Yes => new(Verdict.Fires, ""),
            Outcome.Unknown => new(Verdict.NotEvaluable, WhyNot(audit)),
            _ when match.Test(audit) != Outcome.No => new(Verdict.Excepted, WhyNot(audit)),
            _ => new(Verdict.No, WhyNot(audit)),
        };
    }

    /// <summary>Why <see cref="Test"/> does not say yes; empty if and only if it does.</summary>
    public string WhyNot(in AuditEvent audit)
    {
        var (outcome, ofMatch) = (Test(audit), match.Test(audit));
        return outcome == Outcome.Yes ? ""
            : ofMatch == outcome ? match.FirstMiss(audit, "match")!
            : exceptions.First(audit)!;
    }

    static string By(Threshold threshold, in AuditEvent audit)
    {
        var values = new List<string>();
        foreach (var path in threshold.By)
            values.Add($"{path}={Encoding.UTF8.GetString(WindowKey.ValueOf(audit, path))}");
        return values.Count == 0 ? "" : $" by {string.Join(", ", values)}";
    }
}

using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

/// <summary>What tests of conditions expect.</summary>
static class Expected
{
    /// <summary>A condition is as expected, and Ready says the same unless the test says otherwise.</summary>
    public static void Condition(TrailView view, string type, string status, string reason, string part, string? ready = null)
    {
        var verdicts = TrailConditions.Evaluate(view);
        var verdict = verdicts.Single(verdict => verdict.Type == type);
        var summed = verdicts.Single(verdict => verdict.Type == TrailConditions.Ready);

        Assert.Equal((status, reason), (verdict.Status, verdict.Reason));
        Assert.Contains(part, verdict.Message, StringComparison.Ordinal);
        Assert.NotEmpty(verdict.Message);
        Assert.Equal(ready ?? reason, summed.Reason);
    }
}

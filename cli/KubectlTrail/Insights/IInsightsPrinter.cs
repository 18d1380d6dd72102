namespace ClusterTrail.Kubectl.Insights;

/// <summary>Shows what a replay finds.</summary>
interface IInsightsPrinter
{
    void Print(ReplayedInsight insight);

    /// <summary>The events are at their end.</summary>
    void Finish(IReadOnlyCollection<ReplayedSource> sources);
}

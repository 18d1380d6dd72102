namespace ClusterTrail.Kubectl.Insights;

/// <summary>Shows what a replay finds.</summary>
interface IInsightsPrinter
{
    void Print(ReplayedInsight insight);

    /// <summary>The events are at their end.</summary>
    /// <param name="counted">How many events were not looked at, as there is only the number of them.</param>
    void Finish(long counted);
}

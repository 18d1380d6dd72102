namespace ClusterTrail.Rules.Explaining;

/// <summary>What a detection says of one event.</summary>
enum Verdict
{
    No,
    OtherStage,
    Excepted,
    NotEvaluable,

    /// <summary>It matches, and a threshold counts it.</summary>
    Counts,
    Fires,
}

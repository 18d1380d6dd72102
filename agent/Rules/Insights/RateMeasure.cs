namespace ClusterTrail.Rules.Insights;

/// <summary>What is counted of a key.</summary>
enum RateMeasure : byte
{
    Calls,

    /// <summary>Calls with a status of 400 or more.</summary>
    Errors,
}

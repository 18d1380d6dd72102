namespace ClusterTrail.Rules.Insights;

/// <summary>Why an unusual stretch is over.</summary>
enum StretchEnd : byte
{
    /// <summary>It is not: it has just been found.</summary>
    None,

    /// <summary>Some minutes in a row were not elevated.</summary>
    Calm,

    /// <summary>There were no events, the clock jumped, or the agent started again.</summary>
    Interrupted,
}

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>What of it that pods are judged by has changed.</summary>
enum VerdictChange
{
    None,

    /// <summary>Only what is known of labels.</summary>
    Labels,

    Rules,
}

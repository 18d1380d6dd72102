namespace ClusterTrail.Contract.Detections;

/// <summary>What a rule judges.</summary>
public enum RuleSource
{
    /// <summary>Audit events of the API server.</summary>
    Audit,

    /// <summary>Programs that containers execute: sources of type Processes.</summary>
    Process,
}

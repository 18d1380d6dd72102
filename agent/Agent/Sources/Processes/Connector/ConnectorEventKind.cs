namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>What a message of the process connector reports.</summary>
enum ConnectorEventKind
{
    Other,
    Forked,
    Executed,
    Exited,
}

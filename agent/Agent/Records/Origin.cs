namespace ClusterTrail.Agent.Records;

/// <summary>Where an agent's records come from.</summary>
sealed record Origin(string ClusterName, string NodeName, string Trail);

namespace ClusterTrail.WebConsole.Sources;

/// <summary>How the Trails of a cluster are.</summary>
/// <param name="Cluster">What it is called.</param>
/// <param name="Trails">A tree each.</param>
/// <param name="Problems">What could not be read, a sentence each.</param>
sealed record TrailsStatus(string Cluster, IReadOnlyList<StatusLine> Trails, IReadOnlyList<string> Problems);

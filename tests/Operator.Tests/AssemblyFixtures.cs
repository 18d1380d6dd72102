using ClusterTrail.Fixtures;

[assembly: KeepsLogs]

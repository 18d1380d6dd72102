using ClusterTrail.Fixtures;

[assembly: AssemblyFixture(typeof(ClusterFixture))]
[assembly: KeepsLogs]

using ClusterTrail.Fixtures;

[assembly: AssemblyFixture(typeof(ClusterFixture))]
[assembly: AssemblyFixture(typeof(S3Fixture))]
[assembly: KeepsLogs]

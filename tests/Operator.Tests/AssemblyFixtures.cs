using ClusterTrail.Fixtures;

[assembly: AssemblyFixture(typeof(S3Fixture))]
[assembly: KeepsLogs]

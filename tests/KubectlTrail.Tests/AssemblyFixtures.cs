using ClusterTrail.Fixtures;

[assembly: AssemblyFixture(typeof(ClickHouseFixture))]
[assembly: AssemblyFixture(typeof(ClusterFixture))]
[assembly: AssemblyFixture(typeof(S3Fixture))]
[assembly: KeepsLogs]

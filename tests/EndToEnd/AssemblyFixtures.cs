using ClusterTrail.Fixtures;

[assembly: AssemblyFixture(typeof(AlertmanagerFixture))]
[assembly: AssemblyFixture(typeof(PrometheusFixture))]
[assembly: AssemblyFixture(typeof(S3Fixture))]
[assembly: KeepsLogs]

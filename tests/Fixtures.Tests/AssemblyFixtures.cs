using ClusterTrail.Fixtures;

[assembly: AssemblyFixture(typeof(S3Fixture))]
[assembly: AssemblyFixture(typeof(PrometheusFixture))]
[assembly: AssemblyFixture(typeof(AlertmanagerFixture))]
[assembly: KeepsLogs]

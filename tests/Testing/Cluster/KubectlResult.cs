namespace ClusterTrail.Testing.Cluster;

public sealed record KubectlResult(int ExitCode, string Output, string Error);

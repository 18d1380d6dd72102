namespace ClusterTrail.Fixtures;

/// <summary>The real parts that a test can require. <c>test.sh --fast</c> leaves out every test that requires one.</summary>
public static class Requires
{
    public const string S3 = "S3";
    public const string Prometheus = "Prometheus";
    public const string Alertmanager = "Alertmanager";
    public const string ClickHouse = "ClickHouse";
    public const string Helm = "Helm";
    public const string Browser = "Browser";
    public const string Cluster = "Cluster";

    /// <summary>The SDK that the tests were built with, as a program.</summary>
    public const string Sdk = "Sdk";
}

namespace ClusterTrail.Lake.Export;

/// <summary>An engine for which a table over an export can be printed.</summary>
enum DdlEngine
{
    Athena,
    Trino,
    Spark,
    Clickhouse,
    Duckdb,
}

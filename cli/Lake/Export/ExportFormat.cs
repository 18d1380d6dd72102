namespace ClusterTrail.Lake.Export;

/// <summary>How the files of an export are written.</summary>
enum ExportFormat
{
    /// <summary>Parquet, compressed with zstd.</summary>
    Parquet,

    /// <summary>A JSON object a line, compressed with zstd; members that are NULL are left out.</summary>
    Ndjson,
}

namespace ClusterTrail.Lake.Export;

/// <summary>What all files of an export have in common; stands in its <see cref="Name"/>, by which an export is recognised.</summary>
/// <param name="SchemaVersion">Grows when a column changes its meaning.</param>
sealed record ExportSettings(int SchemaVersion, ExportSchema Schema, ExportFormat Format)
{
    internal const int CurrentVersion = 1;

    /// <summary>Engines skip folders that begin with an underscore.</summary>
    internal const string Folder = "_clustertrail";

    internal const string Name = $"{Folder}/export.json";

    /// <summary>How the names of files end.</summary>
    internal string Ending => Format == ExportFormat.Parquet ? ".parquet" : ".ndjson.zst";

    public override string ToString() => $"schema {Schema}, format {Format}".ToLowerInvariant();
}

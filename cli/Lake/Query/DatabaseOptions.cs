using System.Globalization;

namespace ClusterTrail.Lake.Query;

/// <summary>What a database may take of the machine.</summary>
/// <param name="MemoryBytes">Of DuckDB, which writes nothing to disk instead.</param>
sealed record DatabaseOptions(long MemoryBytes)
{
    /// <summary>Half of the machine, or of what the process is limited to.</summary>
    internal static DatabaseOptions Default { get; } = new(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>As people and DuckDB write it.</summary>
    internal string Memory => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(MemoryBytes >> 20, 1)} MiB");
}

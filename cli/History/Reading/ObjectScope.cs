using System.Globalization;

namespace ClusterTrail.History.Reading;

/// <summary>The part of an archive that is asked for, as far as the names of its folders tell.</summary>
/// <param name="Cluster">Null for all.</param>
/// <param name="Trail">Null for all.</param>
/// <param name="Node">Null for all.</param>
/// <param name="First">The first day; null for all.</param>
/// <param name="Last">The last day; null for all.</param>
sealed record ObjectScope(string? Cluster, string? Trail, string? Node, DateOnly? First, DateOnly? Last)
{
    const string Date = "date";

    internal static ObjectScope All { get; } = new(null, null, null, null, null);

    /// <summary>Whether a folder may have something that is asked for: <c>date=2026-03-01</c> and the like; any other may.</summary>
    internal bool MayHave(string folder)
    {
        var equals = folder.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = equals < 0 ? ("", "") : (folder[..equals], folder[(equals + 1)..]);
        return name switch
        {
            "cluster" => Cluster is null || value == Cluster,
            "trail" => Trail is null || value == Trail,
            "node" => Node is null || value == Node,
            Date => !DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                || (!(day < First) && !(day > Last)),
            _ => true,
        };
    }

    /// <summary>Whether the objects below a folder are in one day at most: it is listed as a whole.</summary>
    internal static bool IsDay(string folder) => folder.StartsWith($"{Date}=", StringComparison.Ordinal);

    /// <summary>Whether the names above an object, if it has any, are asked for.</summary>
    internal bool Has(ArchiveObject one) => one.Batch is not { } batch
        || ((Cluster ?? batch.Cluster, Trail ?? batch.Trail, Node ?? batch.Node) == (batch.Cluster, batch.Trail, batch.Node));
}

using System.Globalization;

namespace ClusterTrail.Lake.Export;

/// <summary>A folder of an export, in the style of Hive, and which rows are in it.</summary>
/// <param name="Cluster">Null for a name that agents do not have.</param>
/// <param name="Trail">Null for a name that agents do not have.</param>
/// <param name="Date">Of the event, in UTC; null if its time is not known.</param>
sealed record Partition(string? Cluster, string? Trail, DateOnly? Date)
{
    // What stands in records may be anything; only names as agents have them become folders.
    const string Label = "'[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?'";
    const string Null = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>A query for the partitions of <c>events</c>.</summary>
    internal const string Query = $"SELECT DISTINCT {ClusterOf}, {TrailOf}, {DateOf} FROM events ORDER BY ALL";

    const string ClusterOf = $"CASE WHEN regexp_full_match(cluster, {Label}) THEN cluster END";
    const string TrailOf = $"CASE WHEN regexp_full_match(trail, {Label}) THEN trail END";
    const string DateOf = "CAST(time AT TIME ZONE 'UTC' AS DATE)";

    internal static Partition Of(object?[] row) => new((string?)row[0], (string?)row[1], (DateOnly?)row[2]);

    /// <summary>Of a file of an export, whose name has been checked.</summary>
    internal static Partition OfFile(string name)
    {
        var values = name.Split('/')[..^1].Select(folder => folder[(folder.IndexOf('=', StringComparison.Ordinal) + 1)..])
            .Select(value => value == Null ? null : value).ToList();
        return new(
            values[0], values[1],
            DateOnly.TryParseExact(values[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null);
    }

    internal string Folder => $"cluster={Cluster ?? Null}/trail={Trail ?? Null}/date={Day ?? Null}";

    /// <summary>The condition on <c>events</c>. Names have been checked to have no quotes.</summary>
    internal string Where => $"{ClusterOf} IS NOT DISTINCT FROM {Text(Cluster)} AND {TrailOf} IS NOT DISTINCT FROM {Text(Trail)} "
        + $"AND {DateOf} IS NOT DISTINCT FROM CAST({Text(Day)} AS DATE)";

    string? Day => Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static string Text(string? value) => value is null ? "NULL" : $"'{value}'";
}

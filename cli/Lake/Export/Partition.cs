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

    /// <summary>A query for how many records have a name that becomes no folder.</summary>
    internal const string NamelessQuery = $"SELECT count(*) FROM events WHERE NOT (coalesce(regexp_full_match(cluster, {Label}), true) "
        + $"AND coalesce(regexp_full_match(trail, {Label}), true))";

    const string ClusterOf = $"CASE WHEN regexp_full_match(cluster, {Label}) THEN cluster END";
    const string TrailOf = $"CASE WHEN regexp_full_match(trail, {Label}) THEN trail END";
    const string DateOf = "CAST(time AT TIME ZONE 'UTC' AS DATE)";

    internal static Partition Of(object?[] row) => new((string?)row[0], (string?)row[1], (DateOnly?)row[2]);

    /// <summary>Of a file of an export, whose name has been checked.</summary>
    internal static Partition OfFile(string name)
    {
        var values = name.Split('/')[..^1].Select(folder => folder[(folder.IndexOf('=', StringComparison.Ordinal) + 1)..])
            .Select(value => value == Null ? null : Uri.UnescapeDataString(value)).ToList();
        return new(
            values[0], values[1],
            DateOnly.TryParseExact(values[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null);
    }

    internal string Folder => $"cluster={Escaped(Cluster)}/trail={Escaped(Trail)}/date={Day ?? Null}";

    /// <summary>The condition on <c>events</c>. Names have been checked to have no quotes.</summary>
    internal string Where => $"{ClusterOf} IS NOT DISTINCT FROM {Text(Cluster)} AND {TrailOf} IS NOT DISTINCT FROM {Text(Trail)} "
        + $"AND {DateOf} IS NOT DISTINCT FROM CAST({Text(Day)} AS DATE)";

    /// <summary>Its first moment; the beginning of all time if its day is not known.</summary>
    internal DateTimeOffset First => Date is { } date ? new(date, TimeOnly.MinValue, TimeSpan.Zero) : DateTimeOffset.MinValue;

    /// <summary>Its last moment; the end of all time if its day is not known.</summary>
    internal DateTimeOffset Last => Date is { } date ? new(date, TimeOnly.MaxValue, TimeSpan.Zero) : DateTimeOffset.MaxValue;

    string? Day => Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Engines take a folder named null for NULL. They decode %xx, as Hive does.
    static string Escaped(string? name) => name is null ? Null
        : name.Equals("null", StringComparison.OrdinalIgnoreCase) ? $"{Uri.HexEscape(name[0])}{name[1..]}" : name;

    static string Text(string? value) => value is null ? "NULL" : $"'{value}'";
}

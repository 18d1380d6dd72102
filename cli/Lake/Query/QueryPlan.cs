using System.Text.Json;
using ClusterTrail.History.Reading;
using ClusterTrail.Lake.Events;

namespace ClusterTrail.Lake.Query;

/// <summary>Which columns a query reads, as DuckDB plans it: before anything is read.</summary>
static class QueryPlan
{
    // Others would see that a table without rows need not be read at all, and what of it would be is what is asked.
    const string Others = "SELECT string_agg(name, ',') FROM duckdb_optimizers() WHERE name <> 'unused_columns'";

    /// <summary>The columns of <c>events</c> that the query needs; all of them, where the plan does not say.</summary>
    /// <exception cref="TrailException">It names a column that there is not, or the like.</exception>
    internal static IReadOnlySet<EventColumn> Columns(string query, CancellationToken cancellationToken)
    {
        using var database = EventDatabase.WithoutRows();
        using var session = database.Connect();
        session.Get($"SET disabled_optimizers = '{session.Get(Others, cancellationToken).Single()[0]}'", cancellationToken);
        var plan = session.Get($"EXPLAIN (FORMAT json) {query}", cancellationToken).Single();
        using var tree = JsonDocument.Parse((string)plan[1]!);
        var scanned = tree.RootElement.EnumerateArray().SelectMany(Scanned).ToHashSet(StringComparer.Ordinal);
        return TableColumn.All.Where(column => scanned.Contains(column.Name)).Select(column => column.Column).ToHashSet();
    }

    static IEnumerable<string> Scanned(JsonElement step) => OwnColumns(step)
        .Concat(step.GetProperty("children").EnumerateArray().SelectMany(Scanned));

    static IEnumerable<string> OwnColumns(JsonElement step)
    {
        if (step.GetProperty("name").GetString()?.Trim() != "SEQ_SCAN")
            return [];
        var about = step.GetProperty("extra_info");
        if (!about.TryGetProperty("Projections", out var columns))
            return TableColumn.All.Select(column => column.Name);
        return columns.ValueKind == JsonValueKind.Array
            ? columns.EnumerateArray().Select(column => column.GetString()!)
            : [columns.GetString()!];
    }
}

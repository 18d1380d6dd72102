using System.Globalization;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Export;

/// <summary>An export as the table <c>events</c>.</summary>
static class ExportedEvents
{
    /// <summary>The export at a LOCATION; null if there is none.</summary>
    /// <exception cref="TrailException">
    /// There is an archive too. Who can write to it could otherwise make a small file answer in place of its records.
    /// </exception>
    internal static async Task<IExportFiles?> FindAsync(string location, S3Options options, CancellationToken cancellationToken)
    {
        var files = ExportTarget.Files(location, options);
        if (await files.ReadAsync(ExportSettings.Name, cancellationToken) is null)
            return null;
        return await ArchiveTraces.FindAsync(files, cancellationToken) is not { } trace ? files : throw new TrailException(
            ExitCode.BadUsage,
            $"{files.Name} has {ExportSettings.Name}, as exports have, and {trace}, as archives have. If it is an archive, find out who "
                + $"wrote {ExportSettings.Folder}, and remove it; if it is an export, remove {trace}.");
    }

    /// <summary>
    /// The files of the days that are asked for. Those of a folder are read when a statement needs them; those of a bucket are brought into
    /// memory, as they are.
    /// </summary>
    /// <exception cref="TrailException">It is not an export that has the columns of <c>events</c>.</exception>
    internal static async Task<EventDatabase> OpenAsync(
        IExportFiles export, ObjectScope scope, TimeRange range, DatabaseOptions options, CancellationToken cancellationToken)
    {
        var state = await StateAsync(export, "query", cancellationToken);
        var held = new List<IDisposable>();
        try
        {
            var (parts, names) = (new List<(Partition Partition, string Path)>(), new Dictionary<string, string>());
            foreach (var file in state.Files)
            {
                var partition = Partition.OfFile(file);
                if (!MayHave(partition, scope, range))
                    continue;
                parts.Add((partition, await PathAsync(export, file, held, cancellationToken)));
                names.TryAdd(parts[^1].Path, $"{export.Name}/{file}");
            }

            return EventDatabase.OfFiles(View(parts, scope, range), options, new(names), held);
        }
        catch
        {
            held.ForEach(one => one.Dispose());
            throw;
        }
    }

    static bool MayHave(Partition partition, ObjectScope scope, TimeRange range) =>
        (scope.Cluster ?? partition.Cluster, scope.Trail ?? partition.Trail) == (partition.Cluster, partition.Trail)
        && (partition.Date is null || range.Meets(partition.First, partition.Last));

    /// <summary>What an export has, if it has the columns of <c>events</c>.</summary>
    /// <exception cref="TrailException">It has others.</exception>
    internal static async Task<ExportState> StateAsync(IExportFiles export, string command, CancellationToken cancellationToken)
    {
        var state = (await ExportState.ReadAsync(export, cancellationToken))!;
        return state.Settings is { Schema: ExportSchema.Clustertrail, Format: ExportFormat.Parquet } ? state : throw new TrailException(
            ExitCode.BadUsage,
            $"{export.Name} is an export with {state.Settings}; {command} takes archives, and exports with schema clustertrail, "
                + "format parquet.");
    }

    /// <summary>Where DuckDB finds a file.</summary>
    /// <param name="held">Gets what must live as long as it is read.</param>
    /// <exception cref="TrailException">It is not there.</exception>
    internal static async Task<string> PathAsync(
        IExportFiles export, string file, List<IDisposable> held, CancellationToken cancellationToken)
    {
        var missing = new TrailException(ExitCode.Unreadable, $"{export.Name}/{file} is missing; export to another place again.");
        if (export is ExportFolder folder)
            return folder.PathOf(file) is var path && File.Exists(path) ? path : throw missing;
        var inMemory = MemoryFile.Of(await export.ReadAsync(file, cancellationToken) ?? throw missing);
        held.Add(inMemory);
        return inMemory.Path;
    }

    // What folders say is the same for all files of a folder. Names have been checked to have no quotes.
    static string View(List<(Partition Partition, string Path)> parts, ObjectScope scope, TimeRange range)
    {
        var queries =
            from part in parts
            group Text(part.Path) by (part.Partition.Cluster, part.Partition.Trail) into same
            select $"SELECT {Columns(same.Key.Cluster, same.Key.Trail)} FROM read_parquet([{string.Join(", ", same)}])";
        var rows = parts.Count > 0
            ? string.Join(" UNION ALL ", queries)
            : $"SELECT {string.Join(", ", TableColumn.All.Select(column => $"NULL::{column.Type} AS \"{column.Name}\""))} WHERE false";
        return $"SELECT * FROM ({rows}) WHERE {string.Join(" AND ", Conditions(scope.Node, range))}";
    }

    static string Columns(string? cluster, string? trail) => string.Join(", ", TableColumn.All.Select(column => column.Column switch
    {
        EventColumn.Cluster => $"{Text(cluster)}::VARCHAR AS cluster",
        EventColumn.Trail => $"{Text(trail)}::VARCHAR AS trail",
        // The files have no such column; the records are read only by who asks for it.
        EventColumn.ImpersonatedGroups => "CASE WHEN impersonated IS NOT NULL AND json_valid(record) "
            + "THEN json_extract_string(record, '$.event.impersonatedUser.groups[*]') END::VARCHAR[] AS impersonated_groups",
        EventColumn.NamespaceLabels => $"{LabelsOf("=")} AS namespace_labels",
        EventColumn.OwnerLabels => $"{LabelsOf("<>")} AS owner_labels",
        EventColumn.Count => "CASE category WHEN 'Insight' THEN 0 WHEN 'Aggregate' THEN "
            + "CASE WHEN json_valid(record) THEN TRY_CAST(record->>'$.aggregateDetails.count' AS BIGINT) END ELSE 1 END::BIGINT AS count",
        _ => $"\"{column.Name}\"::{column.Type} AS \"{column.Name}\"",
    }));

    static string LabelsOf(string comparison) => "CASE WHEN json_valid(record) THEN json_extract(list_filter(json_extract(record, "
        + "'$.eventContext.tagContext.resourceTags[*]'), "
        + $"lambda t: json_extract_string(t, 'resource') {comparison} 'namespaces')[1], 'tags') END";

    /// <summary>What must hold of a row.</summary>
    internal static IEnumerable<string> Conditions(string? node, TimeRange range) =>
    [
        "true",
        .. range.Since is { } since ? [$"time >= {Time(since)}"] : Array.Empty<string>(),
        .. range.Until is { } until ? [$"time < {Time(until)}"] : Array.Empty<string>(),
        .. node is not null ? [$"node = {Text(node)}"] : Array.Empty<string>(),
    ];

    static string Time(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"TIMESTAMPTZ '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}Z'");

    internal static string Text(string? value) => value is null ? "NULL" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}

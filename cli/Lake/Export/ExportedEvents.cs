using System.Globalization;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Export;

/// <summary>An export in a folder, as the table <c>events</c>.</summary>
static class ExportedEvents
{
    const string Date = "/date=";

    internal static bool IsExport(string path) => File.Exists(Path.Combine(path, ExportSettings.Name));

    /// <summary>The files of the days that are asked for are read when a statement needs them.</summary>
    /// <exception cref="TrailException">It is not an export that has the columns of <c>events</c>.</exception>
    internal static async Task<EventDatabase> OpenAsync(
        string path, ObjectScope scope, TimeRange range, DatabaseOptions options, CancellationToken cancellationToken)
    {
        var state = (await ExportState.ReadAsync(new ExportFolder(path), cancellationToken))!;
        if (state.Settings.Schema != ExportSchema.Clustertrail || state.Settings.Format != ExportFormat.Parquet)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"{path} is an export with {state.Settings}; query takes archives, and exports with schema clustertrail, format parquet.");
        }

        var files = state.Files.Where(file => MayHave(file, scope, range)).Select(file => Path.Combine(Path.GetFullPath(path), file)).ToList();
        var missing = files.FirstOrDefault(file => !File.Exists(file));
        return missing is null
            ? EventDatabase.OfFiles(View(files, scope, range), options)
            : throw new TrailException(ExitCode.Unreadable, $"{missing} is missing; export into another folder again.");
    }

    static bool MayHave(string file, ObjectScope scope, TimeRange range)
    {
        var folders = file.Split('/');
        return folders[..^1].All(scope.MayHave) && (DayOf(folders[^2]) is not { } day || range.Meets(day, day.AddDays(1).AddTicks(-1)));
    }

    static DateTimeOffset? DayOf(string folder) =>
        DateTimeOffset.TryParseExact(
            folder[(Date.Length - 1)..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
            ? day
            : null;

    static string View(List<string> files, ObjectScope scope, TimeRange range)
    {
        if (files.Count == 0)
            return $"SELECT {string.Join(", ", TableColumn.All.Select(column => $"NULL::{column.Type} AS \"{column.Name}\""))} WHERE false";
        var columns = string.Join(", ", TableColumn.All.Select(column => $"\"{column.Name}\"::{column.Type} AS \"{column.Name}\""));
        return $"SELECT {columns} FROM read_parquet([{string.Join(", ", files.Select(Text))}], hive_partitioning = true, "
            + $"hive_types = {{'cluster': VARCHAR, 'trail': VARCHAR, 'date': VARCHAR}}) WHERE {string.Join(" AND ", Conditions(scope, range))}";
    }

    static IEnumerable<string> Conditions(ObjectScope scope, TimeRange range) =>
    [
        "true",
        .. range.Since is { } since ? [$"time >= {Time(since)}"] : Array.Empty<string>(),
        .. range.Until is { } until ? [$"time < {Time(until)}"] : Array.Empty<string>(),
        .. scope.Node is { } node ? [$"node = {Text(node)}"] : Array.Empty<string>(),
    ];

    static string Time(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"TIMESTAMPTZ '{time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}Z'");

    static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}

using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Events;
using DuckDB.NET.Data;

namespace ClusterTrail.Lake.Query;

/// <summary>The records of a time as the table <c>events</c> of a DuckDB in this process.</summary>
/// <remarks>
/// Guarantees: nothing of an archive is written to disk, and DuckDB loads nothing from elsewhere. What stands in records is only ever a
/// value, never SQL.
/// </remarks>
sealed class EventDatabase : IDisposable
{
    const string Catalog = "archive";

    readonly DuckDBConnection connection = new("DataSource=:memory:");
    IReadOnlyList<IDisposable> held = [];
    DatabaseFiles files = DatabaseFiles.None;

    EventDatabase(DatabaseOptions options)
    {
        connection.Open();
        foreach (var setting in Settings(options))
            Run($"SET GLOBAL {setting}");
    }

    /// <summary>Reads the records of a time from an archive into memory. What cannot be read is told, the rest is there.</summary>
    /// <param name="source">The archive.</param>
    /// <param name="range">Which records.</param>
    /// <param name="options">How much memory it may take.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <exception cref="TrailException">There is no archive, or it needs more memory.</exception>
    internal static async Task<EventDatabase> OpenAsync(
        ArchiveSource source, TimeRange range, DatabaseOptions options, CancellationToken cancellationToken)
    {
        var spans = await ArchiveLoad.ListAsync(source, range, cancellationToken);
        source.Observer.Found(spans.Count);
        return await FilledAsync(
            options, source.Columns, table => new ArchiveLoad(source, range, table).RunAsync(spans, cancellationToken));
    }

    /// <summary>With a table that something fills.</summary>
    /// <param name="options">How much memory it may take.</param>
    /// <param name="columns">The columns that get values.</param>
    /// <param name="fill">Adds the rows.</param>
    /// <exception cref="TrailException">They need more memory.</exception>
    internal static async Task<EventDatabase> FilledAsync(
        DatabaseOptions options, IReadOnlySet<EventColumn> columns, Func<EventTable, Task> fill)
    {
        var database = new EventDatabase(options);
        try
        {
            database.Run($"ATTACH ':memory:' AS {Catalog}");
            database.Run(TableColumn.CreateTable($"{Catalog}.events"));
            using (var table = new EventTable(database.connection, Catalog, "events", columns))
            {
                await fill(table);
                table.Complete();
            }

            database.Run($"CREATE VIEW events AS FROM {Catalog}.events");
            return database;
        }
        catch (EventTableException e)
        {
            database.Dispose();
            throw new TrailException(
                ExitCode.BadUsage,
                $"The records of that time do not fit into {options.Memory} of memory ({e.Message.Split('\n')[0]}); "
                    + "give a shorter time with --since and --until, more memory with --memory, or export the archive and query the export",
                e);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>With a table that is empty.</summary>
    internal static EventDatabase WithoutRows()
    {
        var database = new EventDatabase(DatabaseOptions.Default);
        database.Run(TableColumn.CreateTable("events"));
        return database;
    }

    /// <summary>With a view of files that DuckDB reads as it needs them.</summary>
    /// <param name="view">The query that the view is.</param>
    /// <param name="options">How much memory it may take.</param>
    /// <param name="files">The files.</param>
    /// <param name="held">What they need; it is disposed of with the database.</param>
    internal static EventDatabase OfFiles(string view, DatabaseOptions options, DatabaseFiles files, IReadOnlyList<IDisposable> held)
    {
        var database = new EventDatabase(options) { files = files };
        try
        {
            database.Run($"CREATE VIEW events AS {view}");
        }
        catch (DuckDBException e)
        {
            var sentence = files.Sentence(e.Message, database.connection, CancellationToken.None);
            database.Dispose();
            throw new TrailException(ExitCode.Unreadable, sentence, e);
        }

        database.held = held;
        return database;
    }

    /// <summary>Runs statements one after the other. Several sessions may run theirs at once.</summary>
    internal EventSession Connect() => new(connection.Duplicate(), files);

    public void Dispose()
    {
        connection.Dispose();
        foreach (var one in held)
            one.Dispose();
    }

    static IReadOnlyList<string> Settings(DatabaseOptions options) =>
    [
        $"memory_limit = '{options.Memory}'",
        "temp_directory = ''",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "TimeZone = 'UTC'",
        // The files of an export do not change while it is open.
        "parquet_metadata_cache = true",
    ];

    void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

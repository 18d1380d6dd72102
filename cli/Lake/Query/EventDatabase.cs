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
        var database = new EventDatabase(options);
        try
        {
            await database.LoadAsync(source, range, cancellationToken);
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

    /// <summary>Runs statements one after the other. Several sessions may run theirs at once.</summary>
    internal EventSession Connect() => new(connection.Duplicate());

    public void Dispose() => connection.Dispose();

    async Task LoadAsync(ArchiveSource source, TimeRange range, CancellationToken cancellationToken)
    {
        Run($"ATTACH ':memory:' AS {Catalog}");
        Run(TableColumn.CreateTable($"{Catalog}.events"));
        using (var table = new EventTable(connection, Catalog, "events", source.Columns))
            await new ArchiveLoad(source, range, table).RunAsync(cancellationToken);
        Run($"CREATE VIEW events AS FROM {Catalog}.events");
    }

    static IReadOnlyList<string> Settings(DatabaseOptions options) =>
    [
        $"memory_limit = '{options.Memory}'",
        "temp_directory = ''",
        "autoinstall_known_extensions = false",
        "autoload_known_extensions = false",
        "allow_community_extensions = false",
        "TimeZone = 'UTC'",
    ];

    void Run(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

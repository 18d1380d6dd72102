using DuckDB.NET.Data;
using DuckDB.NET.Native;
using static DuckDB.NET.Native.NativeMethods;

namespace ClusterTrail.Lake.Events;

/// <summary>The table <c>events</c> while it is filled. Several threads may add chunks.</summary>
sealed class EventTable : IDisposable
{
    readonly Lock adding = new();
    readonly DuckDB.NET.Native.DuckDBAppender appender;
    readonly IReadOnlySet<EventColumn> columns;
    readonly List<DuckDBLogicalType> types = [];

    /// <param name="connection">It is used until this is disposed of.</param>
    /// <param name="catalog">The database of the table.</param>
    /// <param name="table">An empty table with the columns of <see cref="TableColumn"/>.</param>
    /// <param name="columns">Those that are filled.</param>
    internal EventTable(DuckDBConnection connection, string catalog, string table, IReadOnlySet<EventColumn> columns)
    {
        this.columns = columns;
        Check(Appender.DuckDBAppenderCreateExt(connection.NativeConnection, catalog, "main", table, out appender));
        for (var at = 0UL; at < Appender.DuckDBAppenderColumnCount(appender); at++)
            types.Add(Appender.DuckDBAppenderColumnType(appender, at));
    }

    internal EventChunk NewChunk() => new(types, columns);

    /// <summary>Takes the rows; the chunk is empty afterwards.</summary>
    /// <exception cref="EventTableException">DuckDB does not: mostly, its memory does not suffice.</exception>
    internal void Add(EventChunk chunk)
    {
        chunk.Complete();
        lock (adding)
            Check(Appender.DuckDBAppendDataChunk(appender, chunk.Chunk));
        chunk.Clear();
    }

    /// <summary>Makes all rows visible.</summary>
    internal void Complete() => Check(Appender.DuckDBAppenderClose(appender));

    public void Dispose()
    {
        // What was not completed is not wanted; flushing it once more could fail once more.
        _ = Appender.DuckDBAppenderClear(appender);
        appender.Dispose();
        foreach (var type in types)
            type.Dispose();
    }

    void Check(DuckDBState state)
    {
        if (state == DuckDBState.Success)
            return;
        using var error = Appender.DuckDBAppenderErrorData(appender);
        throw new EventTableException(ErrorData.DuckDBErrorDataMessage(error) ?? "DuckDB does not say why");
    }
}

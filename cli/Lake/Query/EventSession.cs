using System.Globalization;
using ClusterTrail.History.Reading;
using DuckDB.NET.Data;

namespace ClusterTrail.Lake.Query;

/// <summary>A connection to the database, with settings and temporary tables of its own.</summary>
/// <remarks>Caveat: one statement at a time, and its result is read before the next.</remarks>
sealed class EventSession : IDisposable
{
    readonly DuckDBConnection connection;
    readonly DatabaseFiles files;

    internal EventSession(DuckDBConnection connection, DatabaseFiles files)
    {
        (this.connection, this.files) = (connection, files);
        connection.Open();
    }

    /// <summary>Runs one statement.</summary>
    /// <param name="statement">It may name parameters, <c>$user</c>. See <see cref="SqlStatements"/>.</param>
    /// <param name="parameters">Their values, by name without the dollar; null if there are none.</param>
    /// <param name="cancellationToken">It ends at once, also while the result is read.</param>
    /// <exception cref="TrailException">The statement is wrong, or fails.</exception>
    internal QueryResult Run(
        string statement, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        var types = TypesOf(statement, parameters, cancellationToken);
        return QueryResult.Of(Command(statement, parameters), types, files, cancellationToken);
    }

    /// <summary>Runs one statement whose result has no columns that are JSON: without asking before which ones are.</summary>
    internal QueryResult RunPlain(
        string statement, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken) =>
        QueryResult.Of(Command(statement, parameters), null, files, cancellationToken);

    /// <summary>All rows of a statement that has few.</summary>
    internal IReadOnlyList<object?[]> Get(string statement, CancellationToken cancellationToken)
    {
        using var result = QueryResult.Of(Command(statement, null), null, files, cancellationToken);
        return [.. result.Read()];
    }

    /// <summary>Writes the result of a query to a file or a pipe.</summary>
    /// <param name="query">One query.</param>
    /// <param name="path">Where the file is written, or what it is written to.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <param name="about">What the file says of itself, as a struct of SQL; null for nothing.</param>
    /// <param name="rowsOfGroup">How many rows are compressed together; null leaves it to DuckDB.</param>
    /// <exception cref="TrailException">The statement is wrong or no query, or the file cannot be written.</exception>
    internal void CopyToParquet(
        string query, string path, CancellationToken cancellationToken, string? about = null, long? rowsOfGroup = null)
    {
        var copy = $"COPY ({query}\n) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' "
            + $"(FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false{(about is null ? "" : $", KV_METADATA {about}")}"
            + $"{(rowsOfGroup is { } rows ? string.Create(CultureInfo.InvariantCulture, $", ROW_GROUP_SIZE {rows}") : "")})";
        using var result = QueryResult.Of(Command(copy, null), null, files, cancellationToken);
    }

    public void Dispose() => connection.Dispose();

    // A result does not say that a text is JSON.
    List<string>? TypesOf(string statement, IReadOnlyDictionary<string, object?>? parameters, CancellationToken cancellationToken)
    {
        try
        {
            using var described = QueryResult.Of(
                Command($"DESCRIBE {statement}", parameters), null, files, cancellationToken);
            return described.Columns is [{ Name: "column_name" }, { Name: "column_type" }, ..]
                ? [.. described.Read().Select(row => (string)row[1]!)]
                : null;
        }
        // Only queries can be described. What is wrong with one, its run says.
        catch (TrailException)
        {
            return null;
        }
    }

    DuckDBCommand Command(string statement, IReadOnlyDictionary<string, object?>? parameters)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.UseStreamingMode) = (statement, true);
        foreach (var (name, value) in parameters ?? new Dictionary<string, object?>())
            command.Parameters.Add(new DuckDBParameter(name, value));
        return command;
    }
}

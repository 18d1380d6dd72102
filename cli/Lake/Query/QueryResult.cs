using ClusterTrail.History.Reading;
using DuckDB.NET.Data;

namespace ClusterTrail.Lake.Query;

/// <summary>What a statement results in; the rows come as they are read.</summary>
sealed class QueryResult : IDisposable
{
    readonly DuckDBCommand command;
    readonly DuckDBDataReader reader;
    readonly DatabaseFiles files;
    readonly CancellationTokenRegistration cancelling;
    readonly CancellationToken cancellationToken;

    QueryResult(
        DuckDBCommand command, DuckDBDataReader reader, IReadOnlyList<string>? types, DatabaseFiles files,
        CancellationTokenRegistration cancelling, CancellationToken cancellationToken)
    {
        (this.command, this.reader, this.files, this.cancelling, this.cancellationToken) =
            (command, reader, files, cancelling, cancellationToken);
        Columns = types?.Count == reader.FieldCount
            ? [.. types.Select((type, at) => new ResultColumn(reader.GetName(at), type))]
            : [.. Enumerable.Range(0, reader.FieldCount)
                .Select(at => new ResultColumn(reader.GetName(at), reader.GetDataTypeName(at)))];
    }

    /// <summary>None where a statement has no result.</summary>
    internal IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>
    /// The rows, once. A value is a number, a Boolean, a text, a <see cref="DateTime"/> in UTC and so on; of an array a list, of a struct
    /// or a map a dictionary; null is NULL.
    /// </summary>
    /// <exception cref="TrailException">The statement fails meanwhile.</exception>
    internal IEnumerable<object?[]> Read()
    {
        while (Guard(reader.Read, command, files, cancellationToken))
        {
            var row = new object?[Columns.Count];
            for (var at = 0; at < row.Length; at++)
                row[at] = Value(at);
            yield return row;
        }
    }

    /// <exception cref="TrailException">The statement is wrong, or fails.</exception>
    internal static QueryResult Of(
        DuckDBCommand command, IReadOnlyList<string>? types, DatabaseFiles files, CancellationToken cancellationToken)
    {
        var cancelling = cancellationToken.Register(command.Cancel);
        try
        {
            var reader = Guard(command.ExecuteReader, command, files, cancellationToken);
            return new(command, reader, types, files, cancelling, cancellationToken);
        }
        catch
        {
            cancelling.Dispose();
            command.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        cancelling.Dispose();
        reader.Dispose();
        command.Dispose();
    }

    object? Value(int at)
    {
        try
        {
            return reader.IsDBNull(at) ? null : Columns[at].IsInUtc ? InUtc(reader.GetValue(at)) : reader.GetValue(at);
        }
        // Times before year 1, intervals of months and the like are none of .NET's.
        catch (Exception e) when (e is ArgumentException or OverflowException or InvalidCastException or NotSupportedException
            or NotImplementedException)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"The column {Columns[at].Name} has a value of {Columns[at].Type} that cannot be shown; cast it to VARCHAR", e);
        }
    }

    static object InUtc(object value) => value is DateTime time ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : value;

    static T Guard<T>(Func<T> run, DuckDBCommand command, DatabaseFiles files, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return run();
        }
        catch (Exception e) when (e is not OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (DuckDBException e) when (IsOfFile(e.Message))
        {
            throw new TrailException(
                ExitCode.Unreadable, files.Sentence(e.Message, (DuckDBConnection)command.Connection!, cancellationToken), e);
        }
        catch (DuckDBException e)
        {
            throw new TrailException(ExitCode.BadUsage, Sentence(e.Message), e);
        }
        // A parameter that has no value.
        catch (InvalidOperationException e)
        {
            throw new TrailException(ExitCode.BadUsage, $"The statement cannot be run: {e.Message}", e);
        }
    }

    // That a file is damaged is no fault of the statement, and the kind of error is often that of a wrong value.
    static bool IsOfFile(string message) => ((string[])
        ["Failed to read file", "magic bytes", "a Parquet file", "in Parquet file", "Invalid Error: "])
        .Any(part => message.Contains(part, StringComparison.Ordinal));

    // DuckDB draws an arrow under the place, and says how to tune it; one sentence names both the error and the place.
    static string Sentence(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var told = lines.TakeWhile(line => !line.StartsWith("LINE ", StringComparison.Ordinal) && line != "Possible solutions:");
        var memory = message.StartsWith("Out of Memory", StringComparison.Ordinal)
            ? "; give a shorter time with --since and --until, or more memory with --memory" : "";
        var sentence = memory.Length > 0 ? lines[0] + memory : string.Join(' ', told);
        return lines.FirstOrDefault(line => line.StartsWith("LINE ", StringComparison.Ordinal)) is { } place
            ? $"{sentence} ({place.Replace(": EXPLAIN (FORMAT json) ", ": ", StringComparison.Ordinal)})"
            : sentence;
    }
}

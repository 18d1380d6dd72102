using DuckDB.NET.Data;

namespace ClusterTrail.Lake.Query;

/// <summary>The Parquet files that a database reads, and what people call them.</summary>
/// <param name="Names">By the paths that DuckDB is given.</param>
sealed record DatabaseFiles(IReadOnlyDictionary<string, string> Names)
{
    // An error may have the whole record that it is about.
    const int MostCharacters = 200;

    /// <summary>Of a database whose records are in memory.</summary>
    internal static DatabaseFiles None { get; } = new(new Dictionary<string, string>());

    /// <summary>Says which file is damaged. If the error does not, each is read until one is.</summary>
    /// <param name="error">What DuckDB says.</param>
    /// <param name="connection">It is left as it is.</param>
    /// <param name="cancellationToken">It ends the reading, and then no file is named.</param>
    internal string Sentence(string error, DuckDBConnection connection, CancellationToken cancellationToken)
    {
        var line = error.Split('\n')[0];
        var path = Names.Keys.FirstOrDefault(path => line.Contains(path, StringComparison.Ordinal))
            ?? Names.Keys.FirstOrDefault(path => IsDamaged(path, connection, cancellationToken));
        var known = path is null ? line : line.Replace(path, Names[path], StringComparison.Ordinal);
        var shown = known.Length > MostCharacters ? $"{known[..MostCharacters]}…" : known;
        return path is null
            ? $"A file that the statement reads is damaged; if it is one of an export, export to another place again: {shown}"
            : $"{Names[path]} is damaged; export to another place again: {shown}";
    }

    static bool IsDamaged(string path, DuckDBConnection connection, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return false;
        using var other = connection.Duplicate();
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = $"SELECT count(hash(part)) FROM read_parquet('{path.Replace("'", "''", StringComparison.Ordinal)}') part";
        using var cancelling = cancellationToken.Register(command.Cancel);
        try
        {
            command.ExecuteScalar();
            return false;
        }
        catch (DuckDBException)
        {
            return !cancellationToken.IsCancellationRequested;
        }
    }
}

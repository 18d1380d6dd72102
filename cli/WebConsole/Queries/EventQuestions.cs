using ClusterTrail.Lake.Query;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>Asks the table <c>events</c>. Several requests may ask at once.</summary>
sealed class EventQuestions(EventDatabase database)
{
    /// <param name="sql">Written in this program; what comes from elsewhere is in the values.</param>
    internal IReadOnlyList<AnswerRow> Ask(
        string sql, IReadOnlyDictionary<string, object?> values, CancellationToken cancellationToken)
    {
        using var session = database.Connect();
        using var result = session.RunPlain(sql, values, cancellationToken);
        var columns = result.Columns.Select((column, at) => (column.Name, at)).ToDictionary(one => one.Name, one => one.at);
        return [.. result.Read().Select(row => new AnswerRow(columns, row))];
    }

    internal IReadOnlyList<AnswerRow> Ask(string sql, CancellationToken cancellationToken) =>
        Ask(sql, new Dictionary<string, object?>(), cancellationToken);
}

using System.Collections;
using System.Globalization;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>A row of an answer, by the names of its columns.</summary>
sealed class AnswerRow(IReadOnlyDictionary<string, int> columns, object?[] values)
{
    internal object? this[string column] => values[columns[column]];

    internal string? Text(string column) => this[column] as string;

    internal long Number(string column) => this[column] is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;

    internal DateTime? Time(string column) => this[column] as DateTime?;

    /// <summary>The texts of a list; none if there is no list.</summary>
    internal IEnumerable<string> Texts(string column) =>
        this[column] is IEnumerable list and not string ? list.OfType<string>() : [];

    internal bool Is(string column) => this[column] is true;
}

using System.Globalization;
using System.Net;
using System.Text;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>What a question asks of records: SQL of this program, and values, which are only ever parameters.</summary>
sealed class Conditions
{
    readonly List<string> clauses = [];
    readonly Dictionary<string, object?> values = [];

    internal IReadOnlyDictionary<string, object?> Values => values;

    /// <summary>Everything after WHERE; true if nothing is asked.</summary>
    internal string Sql => clauses.Count == 0 ? "true" : string.Join(" AND ", clauses);

    /// <param name="clause">Written in this program; <c>{0}</c> stands for the first value.</param>
    internal Conditions Add(string clause, params object[] its)
    {
        clauses.Add($"({string.Format(CultureInfo.InvariantCulture, clause, [.. its.Select(Parameter)])})");
        return this;
    }

    /// <summary>The address is in the network: asked of each address once, by <see cref="EventFilter.Resolve"/>.</summary>
    internal Conditions AddNetwork(IPNetwork network)
    {
        Networks.Add(network);
        return this;
    }

    internal List<IPNetwork> Networks { get; } = [];

    /// <summary>The value's name in SQL, for what is not a condition.</summary>
    internal string Parameter(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"p{values.Count}");
        // The driver ends a text at its first NUL.
        var hasNul = value is string text && text.Contains('\0', StringComparison.Ordinal);
        values.Add(name, hasNul ? Encoding.UTF8.GetBytes((string)value) : value);
        return hasNul ? $"decode(${name}::BLOB)" : $"${name}";
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing;

/// <summary>Tells which objects a query asks for.</summary>
static partial class Selection
{
    public static bool Matches(this ListQuery query, ResourceType type, StoredObject? stored) =>
        stored is not null
        && stored.Type == type
        && (query.Namespace is null || stored.Key.Namespace == query.Namespace)
        && Terms(query.LabelSelector).All(term => MatchesLabel(term, stored.Metadata["labels"] as JsonObject))
        && Terms(query.FieldSelector).All(term => MatchesField(term, stored.Json));

    static bool MatchesLabel(string term, JsonObject? labels)
    {
        if (SetTerm().Match(term) is { Success: true } set)
            return (Value(labels, set.Groups[1].Value) is { } value
                && set.Groups[3].Value.Split(',').Select(one => one.Trim()).Contains(value)) == (set.Groups[2].Value == "in");
        if (Equality().Match(term) is { Success: true } equality)
            return Value(labels, equality.Groups[1].Value) == equality.Groups[3].Value == (equality.Groups[2].Value != "!=");
        return term.StartsWith('!') ? Value(labels, term[1..]) is null : Value(labels, term) is not null;
    }

    static bool MatchesField(string term, JsonObject json)
    {
        if (Equality().Match(term) is not { Success: true } equality)
            throw Refusal.BadRequest($"invalid field selector {term}");
        JsonNode? at = json;
        foreach (var name in equality.Groups[1].Value.Split('.'))
            at = (at as JsonObject)?[name];
        return (at?.ToString() ?? "") == equality.Groups[3].Value == (equality.Groups[2].Value != "!=");
    }

    static string? Value(JsonObject? labels, string name) => labels?[name]?.GetValue<string>();

    // Commas within parentheses part the values of one term.
    static IEnumerable<string> Terms(string? selector) =>
        string.IsNullOrEmpty(selector) ? [] : TermEnd().Split(selector).Select(term => term.Trim());

    [GeneratedRegex(@",(?![^(]*\))")]
    private static partial Regex TermEnd();

    [GeneratedRegex(@"^(\S+)\s+(in|notin)\s+\((.*)\)$")]
    private static partial Regex SetTerm();

    [GeneratedRegex(@"^([^=!\s]+)\s*(==|=|!=)\s*(.*)$")]
    private static partial Regex Equality();
}

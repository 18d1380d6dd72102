using System.Net;
using ClusterTrail.History.Search;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>A field of the filter of records.</summary>
/// <param name="Name">As an address has it.</param>
/// <param name="Label">As the page has it.</param>
/// <param name="Hint">What can be given.</param>
/// <param name="Add">Adds the condition for a value.</param>
sealed record FilterField(string Name, string Label, string Hint, Action<Conditions, string> Add)
{
    /// <summary>In the order of the page.</summary>
    internal static IReadOnlyList<FilterField> All { get; } =
    [
        Text("user", "User", "ann, system:*", "\"user\"", "impersonated"),
        Text("verb", "Verb", "get, create, delete", "verb"),
        new("resource", "Resource", "pods/exec, deployments.apps", AddResource),
        Text("namespace", "Namespace", "shop", "namespace"),
        Text("name", "Name", "db-*", "name"),
        new("source_ip", "Address", "10.1.2.3, 10.1.*, 10.0.0.0/8", AddAddress),
        Text("category", "Category", "Data, Insight, Aggregate", "category"),
        Text("rule", "Rule", "pod-exec", "rule"),
        Text("severity", "Severity", "high, critical", "severity"),
        new("error", "Error", "Forbidden, 403, * for any", AddError),
        Text("audit_id", "Audit ID", "of one request", "audit_id"),
    ];

    static FilterField Text(string name, string label, string hint, params string[] columns) =>
        new(name, label, hint, (conditions, value) => TextMatch.Add(conditions, value, columns));

    // As kubectl trail lookup takes it.
    static void AddResource(Conditions conditions, string value)
    {
        var (kind, sub) = value.Split('/', 2) switch { [var one, var below] => (one, below), var whole => (whole[0], null) };
        var (name, group) = kind.Split('.', 2) switch { [var one, var other] => (one, other), var whole => (whole[0], null) };
        TextMatch.Add(conditions, name, "resource");
        if (sub is not null)
            TextMatch.Add(conditions, sub, "subresource");
        if (group is not null)
            TextMatch.Add(conditions, group, "\"group\"");
    }

    static void AddAddress(Conditions conditions, string value)
    {
        // Only what begins as a network does is one: an address of a record can be any text.
        if (value.Split('/', 2) is [var address, _] && IPAddress.TryParse(address, out _))
            conditions.AddNetwork(SourceAddress.Plain(IPNetwork.TryParse(value, out var network) ? network : throw new QuestionException(
                $"The address {value} is not a network; give one like 10.0.0.0/8, an address, or 10.1.*.")));
        else if (SourceAddress.TryParse(value, out var one))
            AddAnyOf(conditions, [.. SourceAddress.Spellings(value, one)]);
        else
            TextMatch.Add(conditions, value, "source_ip");
    }

    static void AddAnyOf(Conditions conditions, object[] spellings) =>
        conditions.Add($"source_ip IN ({string.Join(", ", spellings.Select((_, at) => $"{{{at}}}"))})", spellings);

    static void AddError(Conditions conditions, string value)
    {
        if (value == "*")
            conditions.Add("reason IS NOT NULL");
        else
            TextMatch.Add(conditions, value, "reason", "CASE WHEN reason IS NOT NULL THEN status::VARCHAR END");
    }
}

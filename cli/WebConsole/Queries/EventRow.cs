namespace ClusterTrail.WebConsole.Queries;

/// <summary>What a list shows of a record.</summary>
sealed record EventRow
{
    static readonly string[] Texts =
    [
        "id", "category", "\"user\"", "impersonated", "verb", "\"group\"", "resource", "subresource", "namespace", "name", "source_ip",
        "reason", "rule", "severity", "pod", "executable", "cluster", "node", "trail",
    ];

    /// <summary>What to select for it.</summary>
    internal static string Columns { get; } = $"time, status, \"count\", {string.Join(", ", Texts.Select(ShownText.Sql))}";

    internal required DateTime? Time { get; init; }

    internal required int? Status { get; init; }

    /// <summary>How many events it stands for.</summary>
    internal required long? Count { get; init; }

    internal required ShownText Id { get; init; }

    internal required ShownText Category { get; init; }

    internal required ShownText User { get; init; }

    internal required ShownText Impersonated { get; init; }

    internal required ShownText Verb { get; init; }

    internal required ObjectName Object { get; init; }

    internal required ShownText Address { get; init; }

    internal required ShownText Reason { get; init; }

    internal required ShownText Rule { get; init; }

    internal required ShownText Severity { get; init; }

    internal required ShownText Executable { get; init; }

    internal required ShownText Cluster { get; init; }

    internal required ShownText Node { get; init; }

    internal required ShownText Trail { get; init; }

    internal static EventRow Of(AnswerRow row) => new()
    {
        Time = row.Time("time"),
        Status = row["status"] as int?,
        Count = row["count"] as long?,
        Id = ShownText.Of(row.Text("id")),
        Category = ShownText.Of(row.Text("category")),
        User = ShownText.Of(row.Text("user")),
        Impersonated = ShownText.Of(row.Text("impersonated")),
        Verb = ShownText.Of(row.Text("verb")),
        Object = ObjectName.Of(row),
        Address = ShownText.Of(row.Text("source_ip")),
        Reason = ShownText.Of(row.Text("reason")),
        Rule = ShownText.Of(row.Text("rule")),
        Severity = ShownText.Of(row.Text("severity")),
        Executable = ShownText.Of(row.Text("executable")),
        Cluster = ShownText.Of(row.Text("cluster")),
        Node = ShownText.Of(row.Text("node")),
        Trail = ShownText.Of(row.Text("trail")),
    };
}

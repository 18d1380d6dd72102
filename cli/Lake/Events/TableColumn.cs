namespace ClusterTrail.Lake.Events;

/// <summary>What a column of <c>events</c> is called, its type, and what it means.</summary>
sealed record TableColumn(EventColumn Column, string Name, string Type, string Meaning)
{
    const string Text = "VARCHAR";
    const string Texts = "VARCHAR[]";
    const string Json = "JSON";

    static readonly EventColumn[] Later =
        [EventColumn.ImpersonatedGroups, EventColumn.Count, EventColumn.NamespaceLabels, EventColumn.OwnerLabels];

    internal bool IsText => Type == Text;

    internal bool IsList => Type == Texts;

    internal bool IsJson => Type == Json;

    /// <summary>In the order of the table.</summary>
    internal static IReadOnlyList<TableColumn> All { get; } =
    [
        new(EventColumn.Time, "time", "TIMESTAMPTZ", "when it happened; where that is no time of RFC 3339, when the batch began"),
        new(EventColumn.Id, "id", Text, "the record's eventID"),
        new(EventColumn.Category, "category", Text, "Management, Data, Insight (a finding), Aggregate (a count), Workload or Unparsable"),
        new(EventColumn.User, "user", Text, "who authenticated; of a process, who started it, if one person can have"),
        new(EventColumn.Groups, "groups", Texts, "the groups of the user"),
        new(EventColumn.Impersonated, "impersonated", Text, "as whom the user acted"),
        new(EventColumn.ImpersonatedGroups, "impersonated_groups", Texts, "the groups that the user took with that"),
        new(EventColumn.Verb, "verb", Text, "get, create, delete …; of a process exec, of output stdout or stderr"),
        new(EventColumn.Group, "group", Text, "the API group; NULL for the core group. SQL needs quotes: \"group\""),
        new(EventColumn.Resource, "resource", Text, "the kind of object, such as pods"),
        new(EventColumn.Subresource, "subresource", Text, "such as exec or status"),
        new(EventColumn.Namespace, "namespace", Text, "the namespace of the object"),
        new(EventColumn.Name, "name", Text, "the name of the object"),
        new(EventColumn.SourceIp, "source_ip", Text, "the address that the API server saw"),
        new(EventColumn.UserAgent, "user_agent", Text, "what the client says it is"),
        new(EventColumn.Status, "status", "INTEGER", "the HTTP status of the response"),
        new(EventColumn.Reason, "reason", Text, "why a request failed, such as Forbidden; why a line is Unparsable or a process was lost"),
        new(EventColumn.Decision, "decision", Text, "what the authorizer decided: allow or forbid"),
        new(EventColumn.Level, "level", Text, "the level at which the API server recorded the event"),
        new(EventColumn.Stage, "stage", Text, "the stage of the request, mostly ResponseComplete"),
        new(EventColumn.Count, "count", "BIGINT", "how many events the record stands for: 1, of an Aggregate more, of a finding 0"),
        new(EventColumn.Cluster, "cluster", Text, "the cluster that recorded it"),
        new(EventColumn.Node, "node", Text, "the node that recorded it"),
        new(EventColumn.Trail, "trail", Text, "the Trail that recorded it"),
        new(EventColumn.Rule, "rule", Text, "the rule of a finding"),
        new(EventColumn.Severity, "severity", Text, "the severity of a finding: info, low, medium, high or critical"),
        new(EventColumn.Pod, "pod", Text, "the pod of a process or of output"),
        new(EventColumn.Container, "container", Text, "the container of a process or of output"),
        new(EventColumn.Executable, "executable", Text, "the program that was executed"),
        new(EventColumn.Arguments, "arguments", Texts, "its arguments"),
        new(EventColumn.AuditId, "audit_id", Text, "the API server's id of the request"),
        new(EventColumn.NamespaceLabels, "namespace_labels", Json, "the labels of the namespace, if spec.enrichment asks for some"),
        new(EventColumn.OwnerLabels, "owner_labels", Json, "the labels of the pod's controller, if spec.enrichment asks for some"),
        new(EventColumn.Record, "record", Json, "the whole record"),
    ];

    /// <summary>Those that the files of an export have. What came later is made of the whole record.</summary>
    internal static IReadOnlyList<TableColumn> Exported { get; } =
        [.. All.Where(column => !Later.Contains(column.Column))];

    /// <summary>All columns.</summary>
    internal static IReadOnlySet<EventColumn> Every { get; } = Enum.GetValues<EventColumn>().ToHashSet();

    /// <summary>The statement that makes the table.</summary>
    internal static string CreateTable(string table) =>
        $"CREATE TABLE {table} ({string.Join(", ", All.Select(column => $"\"{column.Name}\" {column.Type}"))})";
}

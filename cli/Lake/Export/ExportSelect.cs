using ClusterTrail.Lake.Events;

namespace ClusterTrail.Lake.Export;

/// <summary>The queries that make the rows of an export from <c>events</c>.</summary>
static class ExportSelect
{
    /// <summary>Columns that are folders, and therefore not in Parquet files.</summary>
    internal static IReadOnlyList<EventColumn> Folders { get; } = [EventColumn.Cluster, EventColumn.Trail];

    const string Ocsf = """
        SELECT
            epoch_ms(time) AS time,
            class AS class_uid,
            CASE class WHEN 6003 THEN 6 WHEN 1007 THEN 1 WHEN 2004 THEN 2 ELSE 0 END AS category_uid,
            activity AS activity_id,
            class * 100 + activity AS type_uid,
            CASE WHEN category = 'Aggregate' THEN count END AS count,
            CASE WHEN category = 'Aggregate'
                THEN epoch_ms(TRY_CAST(record->>'$.aggregateDetails.firstEventTime' AS TIMESTAMPTZ)) END AS start_time,
            CASE WHEN category = 'Aggregate'
                THEN epoch_ms(TRY_CAST(record->>'$.aggregateDetails.lastEventTime' AS TIMESTAMPTZ)) END AS end_time,
            CASE severity WHEN 'low' THEN 2 WHEN 'medium' THEN 3 WHEN 'high' THEN 4 WHEN 'critical' THEN 5 ELSE 1 END AS severity_id,
            CASE WHEN class <> 6003 THEN 0 WHEN reason IS NOT NULL THEN 2 WHEN status IS NOT NULL THEN 1 ELSE 0 END AS status_id,
            reason AS status_detail,
            {'version': '1.3.0', 'uid': id, 'log_name': trail, 'correlation_uid': audit_id,
             'product': {'name': 'ClusterTrail', 'vendor_name': 'ClusterTrail'}} AS metadata,
            CASE WHEN user IS NOT NULL
                THEN {'user': {'name': user, 'groups': list_transform(groups, lambda g: {'name': g})}} END AS actor,
            CASE WHEN class = 6003
                THEN {'operation': verb, 'service': {'name': coalesce("group", 'core')}, 'response': {'code': status, 'error': reason}}
                END AS api,
            CASE WHEN source_ip IS NOT NULL THEN {'ip': source_ip} END AS src_endpoint,
            CASE WHEN user_agent IS NOT NULL THEN {'user_agent': user_agent} END AS http_request,
            CASE WHEN resource IS NOT NULL
                THEN list_concat(
                    [{'type': concat_ws('/', resource, subresource), 'namespace': namespace, 'name': name, 'labels': NULL::VARCHAR[]}],
                    list_transform(
                        json_extract(record, '$.eventContext.tagContext.resourceTags[*]'),
                        lambda t: {'type': t->>'resource', 'namespace': t->>'namespace', 'name': t->>'name',
                            'labels': list_transform(
                                json_keys(t, '$.tags'), lambda k: concat(k, '=', json_extract_string(json_extract(t, '$.tags'), k)))}))
                END AS resources,
            CASE WHEN class = 1007
                THEN {'name': parse_filename(executable), 'cmd_line': array_to_string(arguments, ' '),
                      'pid': TRY_CAST(record->>'$.event.process.pid' AS INTEGER), 'uid': record->>'$.event.process.id',
                      'file': {'path': executable, 'name': parse_filename(executable), 'type_id': 1},
                      'container': {'name': container, 'uid': record->>'$.event.container.id'}} END AS process,
            {'hostname': node, 'type_id': 1} AS device,
            CASE WHEN class = 2004
                THEN {'uid': id, 'title': rule, 'desc': record->>'$.insightDetails.description', 'created_time': epoch_ms(time),
                      'types': [record->>'$.insightDetails.group']} END AS finding_info,
            {'impersonated': impersonated, 'decision': decision, 'level': level, 'stage': stage, 'category': category, 'pod': pod}
                AS unmapped,
            record::VARCHAR AS raw_data
        FROM (
            SELECT *,
                CASE class WHEN 0 THEN 0 WHEN 1007 THEN 1 WHEN 2004 THEN 1 ELSE
                    CASE WHEN verb = 'create' THEN 1 WHEN verb IN ('get', 'list', 'watch') THEN 2 WHEN verb IN ('update', 'patch') THEN 3
                        WHEN verb IN ('delete', 'deletecollection') THEN 4 ELSE 99 END END AS activity
            FROM (
                SELECT *,
                    CASE WHEN category = 'Insight' THEN 2004 WHEN category = 'Workload' AND executable IS NOT NULL THEN 1007
                        WHEN category IN ('Management', 'Data', 'Aggregate') THEN 6003 ELSE 0 END AS class
                FROM events WHERE {where}))
        ORDER BY time
        """;

    /// <summary>All rows of a partition in the order of time.</summary>
    /// <param name="where">A condition on <c>events</c>.</param>
    internal static string Of(ExportSettings settings, string where) => (settings.Schema, settings.Format) switch
    {
        (ExportSchema.Ocsf, ExportFormat.Parquet) => OcsfOf(where),
        (ExportSchema.Ocsf, _) => Lines(OcsfOf(where)),
        (_, ExportFormat.Parquet) => $"SELECT {ColumnsOfFiles} FROM events WHERE {where} ORDER BY time",
        _ => Lines($"SELECT {ColumnsOfLines} FROM events WHERE {where} ORDER BY time"),
    };

    static string ColumnsOfFiles => string.Join(
        ", ", TableColumn.Exported.Where(column => !Folders.Contains(column.Column)).Select(column => $"\"{column.Name}\""));

    // Most engines take times without the T and the Z; the record is a text to them.
    static string ColumnsOfLines => string.Join(", ", TableColumn.Exported.Select(column => column.Column switch
    {
        EventColumn.Time => "strftime(time, '%Y-%m-%d %H:%M:%S.%f') AS time",
        EventColumn.Record => "record::VARCHAR AS record",
        _ => $"\"{column.Name}\"",
    }));

    static string OcsfOf(string where) => Ocsf.Replace("{where}", where, StringComparison.Ordinal);

    // A merge patch has no members that are null.
    static string Lines(string rows) => $"SELECT json_merge_patch('{{}}', to_json(line))::VARCHAR AS line FROM ({rows}) line";
}

using static ClusterTrail.Kubectl.Report.Section;

namespace ClusterTrail.Kubectl.Report;

/// <summary>The questions of a report, in its order. docs/report.md has the controls and where they come from.</summary>
static class Sections
{
    /// <param name="since">The beginning of the period, as SQL; of pauses at its edges nobody knows without.</param>
    /// <param name="until">Its end.</param>
    internal static IReadOnlyList<Section> Of(string since, string until) =>
    [
        new(
            "coverage", "What was recorded",
            "For each node: how many records there are, of when, the longest time between two, and the times from the beginning of the period to the first "
                + "and from the last to its end. An API server that nobody calls is still called by its own controllers every few seconds, so a long time "
                + "without records is worth a question. A node without any record of the period is not in the table.",
            $"""
            SELECT cluster, trail, node, count(*) AS records, min(time) AS first_record, max(time) AS last_record,
                   max(pause) AS longest_time_between, min(time) - {since} AS time_before_first, {until} - max(time) AS time_after_last
            FROM (SELECT cluster, trail, node, time,
                         time - lag(time) OVER (PARTITION BY cluster, trail, node ORDER BY time) AS pause
                  FROM events WHERE category IN ('Management', 'Data', 'Aggregate'))
            GROUP BY cluster, trail, node ORDER BY cluster, trail, node
            """,
            "No record says so.",
            For(["3.2.1", "3.2.2"], ["CC7.2"], ["10.2.1", "10.2.2"], ["A.8.15"], ["AU-2", "AU-3", "AU-12"])),
        new(
            "unreadable-lines", "Lines of logs that were no events",
            "Agents keep a line of an audit log that they cannot read as it is, and say why. They do not occur in a log that only an API server writes.",
            """
            SELECT cluster, node, reason, count(*) AS line_count, min(time) AS first_line, max(time) AS last_line
            FROM events WHERE category = 'Unparsable' GROUP BY cluster, node, reason ORDER BY line_count DESC, cluster, node
            """,
            "No record says so.",
            For(["3.2.1"], ["CC7.2"], ["10.2.1"], ["A.8.15"], ["AU-5", "AU-12"])),
        new(
            "admin-rights-used", "Who used the rights of system:masters",
            "Members of this group may do everything, and no role can restrict them: a certificate of it is the break-glass access of most clusters. "
                + "The API server itself, from its own node, is left out. Who took the group by impersonation is among them. "
                + "Rights that roles give, such as cluster-admin, are in the changes below, and in the findings.",
            """
            SELECT user, impersonated, source_ip, sum(count)::BIGINT AS requests, coalesce(sum(count) FILTER (verb NOT IN ('get', 'list', 'watch')), 0)::BIGINT AS changes,
                   min(time) AS first_request, max(time) AS last_request
            FROM events WHERE (list_contains(groups, 'system:masters') OR list_contains(impersonated_groups, 'system:masters')) AND category IS DISTINCT FROM 'Insight'
              AND NOT (user IS NOT DISTINCT FROM 'system:apiserver' AND coalesce(source_ip, '') IN ('::1', '127.0.0.1'))
            GROUP BY user, impersonated, source_ip ORDER BY changes DESC, requests DESC, user
            """,
            "No record says so.",
            For(["5.1.1", "5.1.7"], ["CC6.1", "CC6.3"], ["7.2.2", "10.2.1.2"], ["A.8.2"], ["AC-6(9)", "AC-2"])),
        new(
            "rights-changed", "What changed in who may do what",
            "Roles, bindings and their deletion. A request that names no object changed several at once.",
            """
            SELECT time, user, impersonated, source_ip, verb, resource, namespace, name
            FROM events WHERE "group" = 'rbac.authorization.k8s.io' AND verb NOT IN ('get', 'list', 'watch')
              AND status < 400 AND category IS DISTINCT FROM 'Insight' AND stage = 'ResponseComplete' ORDER BY time
            """,
            "No record says so.",
            For(["5.1.1", "5.1.3", "5.1.8"], ["CC6.2", "CC6.3"], ["7.2.4", "10.2.1.5"], ["A.5.15", "A.5.18"], ["AC-2(4)", "AC-3"])),
        new(
            "credentials-made", "Which credentials were made",
            "Tokens of service accounts, and requests for certificates and their approval. Kubelets ask for the tokens of their pods all the time: they are "
                + "one row.",
            """
            SELECT CASE WHEN user LIKE 'system:node:%' THEN 'system:node:* (all nodes)' ELSE user END AS user,
                   CASE WHEN user LIKE 'system:node:%' THEN NULL ELSE source_ip END AS source_ip,
                   verb, resource, subresource, CASE WHEN user LIKE 'system:node:%' THEN NULL ELSE namespace END AS namespace,
                   CASE WHEN user LIKE 'system:node:%' THEN NULL ELSE name END AS name, sum(count)::BIGINT AS requests,
                   min(time) AS first_request, max(time) AS last_request
            FROM events WHERE ((resource = 'serviceaccounts' AND subresource = 'token') OR resource = 'certificatesigningrequests')
              AND verb NOT IN ('get', 'list', 'watch') AND status < 400 AND category IS DISTINCT FROM 'Insight' AND stage = 'ResponseComplete'
            GROUP BY ALL ORDER BY first_request
            """,
            "No record says so.",
            For(["5.1.6"], ["CC6.1", "CC6.2"], ["8.2.4", "10.2.1.5"], ["A.5.17", "A.5.18"], ["IA-5", "AC-2(4)"])),
        new(
            "acting-as-others", "Who acted as somebody else",
            "Impersonation: what was done counts as done by both. The groups are those that were taken with it.",
            """
            SELECT user, impersonated, array_to_string(impersonated_groups, ', ') AS impersonated_groups, sum(count)::BIGINT AS requests,
                   min(time) AS first_request, max(time) AS last_request
            FROM events WHERE impersonated IS NOT NULL AND category IS DISTINCT FROM 'Insight'
            GROUP BY ALL ORDER BY first_request
            """,
            "No record says so.",
            For(["5.1.8"], ["CC6.1", "CC6.3"], ["10.2.1.2", "8.2.1"], ["A.8.2"], ["AC-6(9)", "AU-10"])),
        new(
            "secrets-read", "Who read secrets",
            "Everybody, the cluster's own components too, which read secrets as their work. Nodes are one row. A watch counts once.",
            """
            SELECT CASE WHEN user LIKE 'system:node:%' THEN 'system:node:* (all nodes)' ELSE user END AS user,
                   CASE WHEN user LIKE 'system:node:%' THEN NULL ELSE source_ip END AS source_ip,
                   impersonated, CASE WHEN user LIKE 'system:node:%' THEN NULL ELSE namespace END AS namespace,
                   (count(DISTINCT audit_id) + coalesce(sum(count) FILTER (category = 'Aggregate'), 0))::BIGINT AS reads, count(DISTINCT name) AS secrets, min(time) AS first_read, max(time) AS last_read
            FROM events WHERE resource = 'secrets' AND verb IN ('get', 'list', 'watch') AND status < 400 AND category IS DISTINCT FROM 'Insight'
            GROUP BY ALL ORDER BY reads DESC, user
            """,
            "No record says so.",
            For(["5.1.2"], ["CC6.1", "CC6.7"], ["7.2.1", "10.2.1.1"], ["A.8.3"], ["AC-3", "AU-2"])),
        new(
            "access-refused", "Who was refused",
            "Requests that the API server answered with 401 or 403.",
            """
            SELECT user, source_ip, status, resource, sum(count)::BIGINT AS attempts, min(time) AS first_attempt, max(time) AS last_attempt
            FROM events WHERE status IN (401, 403) AND category IS DISTINCT FROM 'Insight'
            GROUP BY user, source_ip, status, resource ORDER BY attempts DESC, user
            """,
            "No record says so.",
            For(["3.2.2"], ["CC6.1", "CC7.2"], ["10.2.1.4"], ["A.8.15", "A.8.16"], ["AC-7", "AU-2", "SI-4"])),
        new(
            "anonymous", "What was answered without credentials",
            "Health checks are normal; anything else is not.",
            """
            SELECT source_ip, verb, resource, namespace, user_agent, sum(count)::BIGINT AS requests, min(time) AS first_request, max(time) AS last_request
            FROM events WHERE user = 'system:anonymous' AND status < 400 AND category IS DISTINCT FROM 'Insight'
            GROUP BY source_ip, verb, resource, namespace, user_agent ORDER BY requests DESC
            """,
            "No record says so.",
            For(["1.2.1"], ["CC6.1"], ["8.2.1", "10.2.1.4"], ["A.8.5"], ["AC-14", "IA-2"])),
        new(
            "sessions", "Sessions in containers",
            "Each exec, attach, port forwarding and debug container. What ran in them is in the records of processes, if the Trail records workloads.",
            """
            SELECT min(time) AS started, max(time) AS last_event, user, impersonated, source_ip, subresource, namespace, name AS pod
            FROM events WHERE resource = 'pods' AND subresource IN ('exec', 'attach', 'portforward', 'ephemeralcontainers')
              AND status < 400 AND category IS DISTINCT FROM 'Insight'
            GROUP BY audit_id, user, impersonated, source_ip, subresource, namespace, name ORDER BY started
            """,
            "No record says so.",
            For(["3.2.2"], ["CC6.1", "CC6.8", "CC7.2"], ["10.2.1.2"], ["A.8.2", "A.8.18"], ["AC-17(1)", "AC-6(9)"])),
        new(
            "proxies", "Who reached nodes, pods and services through the API server",
            "The kubelet's own interface can run commands in all containers of a node. Monitoring reads metrics in this way.",
            """
            SELECT user, impersonated, source_ip, verb, resource, namespace, name, sum(count)::BIGINT AS requests, min(time) AS first_request,
                   max(time) AS last_request
            FROM events WHERE resource IN ('nodes', 'pods', 'services') AND subresource = 'proxy' AND status < 400
              AND category IS DISTINCT FROM 'Insight' GROUP BY ALL ORDER BY first_request
            """,
            "No record says so.",
            For(["3.2.2"], ["CC6.1", "CC7.2"], ["10.2.1.2"], ["A.8.2", "A.8.18"], ["AC-17(1)", "AC-6(9)"])),
        new(
            "trail-changed", "What changed in the recording itself",
            "Trails and TrailSelectors, objects with the names that ClusterTrail gives, or with no name, such as those that deletecollection deletes, its kinds, "
                + "and the configuration of admission, which decides what reaches the cluster. The operator's own changes are among them. A namespace or a release "
                + "with another name is not.",
            """
            SELECT user, impersonated, source_ip, verb, "group", resource, namespace, name, sum(count)::BIGINT AS requests, min(time) AS first_request,
                   max(time) AS last_request
            FROM events WHERE verb NOT IN ('get', 'list', 'watch') AND coalesce(subresource, '') NOT IN ('status', 'token') AND status < 400
              AND category IS DISTINCT FROM 'Insight' AND stage = 'ResponseComplete'
              AND ("group" IN ('clustertrail.io', 'admissionregistration.k8s.io')
                OR (resource = 'customresourcedefinitions' AND (name LIKE '%.clustertrail.io' OR name IS NULL))
                OR (resource IN ('deployments', 'daemonsets', 'configmaps', 'secrets', 'serviceaccounts', 'networkpolicies', 'namespaces')
                    AND (name LIKE '%clustertrail%' OR (name IS NULL AND verb <> 'create'))))
            GROUP BY ALL ORDER BY first_request
            """,
            "No record says so.",
            For(["3.2.1"], ["CC7.1", "CC8.1"], ["10.2.1.6", "10.3.1"], ["A.8.15", "A.8.32"], ["AU-9", "CM-3", "CM-5"])),
        new(
            "findings", "Findings",
            "What detections found, by rule. Whether each was looked at is in the file of --reviewed; an archive does not know.",
            """
            SELECT severity, rule, count(*) AS findings, count(DISTINCT user) AS users, min(time) AS first_finding, max(time) AS last_finding
            FROM events WHERE category = 'Insight'
            GROUP BY severity, rule
            ORDER BY CASE lower(severity) WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 WHEN 'low' THEN 3 ELSE 4 END, findings DESC, rule
            """,
            "No record says so.",
            For(["3.2.2"], ["CC7.2", "CC7.3", "CC7.4"], ["10.4.1", "10.4.1.1", "12.10.5"], ["A.5.25", "A.8.16"], ["AU-6", "IR-4", "SI-4"])),
    ];
}

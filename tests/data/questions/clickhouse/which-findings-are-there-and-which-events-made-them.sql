SELECT time, severity, rule, user, verb, resource, namespace, name, status, user_agent
FROM (
    SELECT time, severity, rule, user, verb, resource, namespace, name, substring(id, 1, 41) AS event_id
    FROM events
    WHERE category = 'Insight'
) GLOBAL ANY LEFT JOIN (
    SELECT id AS event_id, status, user_agent
    FROM events
) USING event_id
ORDER BY time

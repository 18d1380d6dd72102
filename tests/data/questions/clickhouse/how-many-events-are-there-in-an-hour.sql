SELECT concat(substring(time, 1, 13), ':00:00') AS hour, category, count(*) AS events
FROM events
GROUP BY hour, category
ORDER BY hour, category

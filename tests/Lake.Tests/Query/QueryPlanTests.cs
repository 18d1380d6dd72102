using ClusterTrail.History.Reading;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Tests.Query;

public sealed class QueryPlanTests
{
    [Theory]
    [InlineData("", "SELECT 1")]
    [InlineData("", "SELECT count(*) FROM events")]
    [InlineData("User", "SELECT user FROM events")]
    [InlineData("User Resource", "SELECT count(*) FROM events WHERE resource = 'secrets' GROUP BY user HAVING count(*) > 3")]
    [InlineData("Time User Verb", "SELECT a.user FROM events a JOIN events b ON b.time > a.time AND a.verb = b.verb")]
    [InlineData("Record", "SELECT record->>'$.event.auditID' FROM events")]
    [InlineData("User Name Reason", "WITH n AS (SELECT name, user FROM events WHERE reason IS NULL) SELECT * FROM n")]
    [InlineData("User Verb", "SELECT user, (SELECT max(verb) FROM events) FROM events")]
    [InlineData("Groups Status", "SELECT unnest(groups) FROM events ORDER BY status")]
    [InlineData("Id", "SELECT id FROM events QUALIFY row_number() OVER (PARTITION BY id) = 1")]
    public void OnlyWhatAQueryReadsIsLoaded(string expected, string query) =>
        Assert.Equal(expected, string.Join(' ', QueryPlan.Columns(query, TestContext.Current.CancellationToken).Order()));

    [Theory]
    [InlineData("FROM events")]
    [InlineData("SELECT to_json(e) FROM events e")]
    [InlineData("SELECT e FROM events e")]
    [InlineData("SELECT DISTINCT * FROM events LIMIT 1")]
    [InlineData("SELECT count(COLUMNS(*)) FROM events")]
    [InlineData("FROM (SUMMARIZE events)")]
    public void WhateverNamesAllColumnsGetsAll(string query) =>
        Assert.Equal(Enum.GetValues<EventColumn>(), QueryPlan.Columns(query, TestContext.Current.CancellationToken).Order());

    [Fact]
    public void WhatIsWrongIsSaidBeforeAnythingIsRead()
    {
        var e = Assert.Throws<TrailException>(() => QueryPlan.Columns("SELECT usr FROM events", TestContext.Current.CancellationToken));

        Assert.EndsWith("(LINE 1: SELECT usr FROM events)", e.Message, StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>Estimates as programs read them. Sizes are in bytes.</summary>
static class EstimateJson
{
    const int Most = 1000;

    internal static string Of(EstimateRun run, IReadOnlyList<TrailEstimate> trails, EstimateSettings settings) => new JsonObject
    {
        ["events"] = run.Events,
        ["bytes"] = run.Bytes,
        ["first"] = run.First,
        ["last"] = run.Last,
        ["apiServers"] = settings.ApiServers,
        ["prices"] = settings.Prices.Name,
        ["trails"] = new JsonArray([.. trails.Select(trail => Of(trail, run.Covered.TotalDays, settings))]),
    }.ToJsonString();

    static JsonObject Of(TrailEstimate trail, double days, EstimateSettings settings) => new()
    {
        ["trail"] = trail.Name,
        ["events"] = trail.Events,
        ["aggregatedEvents"] = trail.AggregatedEvents,
        ["aggregateRecords"] = trail.AggregateRecords,
        ["unmatchedEvents"] = trail.UnmatchedEvents,
        ["logBytes"] = trail.LogBytes,
        ["recordBytes"] = trail.RecordBytes,
        ["storedBytes"] = trail.StoredBytes,
        ["objects"] = trail.Objects,
        ["daily"] = days == 0 ? null : Daily(trail, days, settings),
        ["rules"] = Rows(trail.Rules, "set", "rule", "level"),
        ["users"] = Rows(trail.Users, "user"),
        ["requests"] = Rows(trail.Requests, "user", "verb", "resource"),
    };

    static JsonObject Daily(TrailEstimate trail, double days, EstimateSettings settings)
    {
        var (objects, bytes) = trail.Daily(days, settings.ApiServers);
        var (requests, storage) = settings.Monthly(trail, days);
        return new()
        {
            ["objects"] = objects,
            ["storedBytes"] = bytes,
            ["keepDays"] = settings.DaysKept(trail),
            ["requestsCostAMonth"] = requests,
            ["storageCostAMonth"] = storage,
            ["currency"] = settings.Prices.Currency,
        };
    }

    // What was counted together has no parts.
    static JsonArray Rows(Tally tally, params string[] names) =>
    [
        .. tally.Largest.Take(Most).Select(one =>
        {
            var row = new JsonObject();
            foreach (var (name, value) in names.Zip(one.Key.Split('\t', names.Length)))
                row[name] = value;
            row["events"] = one.Value.Events;
            row["logBytes"] = one.Value.LogBytes;
            row["recordBytes"] = one.Value.RecordBytes;
            row["metadataBytes"] = one.Value.MetadataBytes;
            return row;
        }),
    ];
}

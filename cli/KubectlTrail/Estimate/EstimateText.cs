using System.Globalization;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>Estimates as people read them.</summary>
sealed class EstimateText(EstimateRun run, EstimateSettings settings, TextWriter output)
{
    const int Shown = 10;

    static readonly TimeSpan Day = TimeSpan.FromDays(1);

    double Days => run.Covered / Day;

    internal void Write(IReadOnlyList<TrailEstimate> trails)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Events:N0} events, {Size(run.Bytes)}, from {run.First:yyyy-MM-ddTHH:mm:ssZ} to {run.Last:yyyy-MM-ddTHH:mm:ssZ}."));
        if (run.Covered < Day)
            output.WriteLine(run.Covered == TimeSpan.Zero
                ? "All events have the same time, so nothing can be said of a day."
                : $"That is {Lasting(run.Covered)}. A day has quiet and busy hours; estimate with a log of a day or more.");
        foreach (var trail in trails)
            Write(trail);
    }

    void Write(TrailEstimate trail)
    {
        output.WriteLine();
        output.WriteLine(Printable.Escape(string.Create(
            CultureInfo.InvariantCulture, $"Trail {trail.Name} records {trail.Events:N0} of them, {Share(trail.Events, run.Events)}.")));
        if (trail.AggregatedEvents > 0)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"It counts {trail.AggregatedEvents:N0} others, {Share(trail.AggregatedEvents, run.Events)}, by rules with aggregate: true, "
                    + $"in {trail.AggregateRecords:N0} records of category Aggregate."));
        if (trail.UnmatchedEvents > 0)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"No rule matches {trail.UnmatchedEvents:N0} others, {Share(trail.UnmatchedEvents, run.Events)}: they are not recorded."));
        output.WriteLine();
        Lines([.. Totals(trail)]);
        if (run.Covered > TimeSpan.Zero)
            WriteBill(trail);
        if (trail.Events + trail.AggregatedEvents == 0)
            return;
        WriteTable("By selector rule", ["SET", "RULE", "LEVEL"], trail, trail.Rules);
        WriteTable("By user", ["USER"], trail, trail.Users);
        WriteSavings(trail);
    }

    IEnumerable<string?[]> Totals(TrailEstimate trail)
    {
        var hasDay = run.Covered > TimeSpan.Zero;
        var (objects, bytes) = hasDay ? trail.Daily(Days, settings.ApiServers) : default;
        var scale = hasDay ? settings.ApiServers / Days : 0;
        string?[] Row(string name, string inLog, string aDay, string aMonth) => hasDay ? [name, inLog, aDay, aMonth] : [name, inLog];
        string?[] Counted(string name, double inLog, double? aDay = null) => Row(
            name, Count(inLog), Count(aDay ?? inLog * scale), Count((aDay ?? inLog * scale) * EstimateSettings.DaysOfMonth));
        string?[] Sized(string name, double inLog, double? aDay = null) => Row(
            name, Size(inLog), Size(aDay ?? inLog * scale), Size((aDay ?? inLog * scale) * EstimateSettings.DaysOfMonth));
        yield return Row("", "IN THE LOG", "A DAY", "A MONTH");
        yield return Counted("events recorded", trail.Events);
        if (trail.AggregatedEvents > 0)
        {
            yield return Counted("events counted", trail.AggregatedEvents);
            yield return Counted("records of counts", trail.AggregateRecords);
        }

        yield return Sized("of the log", trail.LogBytes);
        yield return Sized("as records", trail.RecordBytes);
        yield return Sized("stored", trail.StoredBytes, hasDay ? bytes : null);
        yield return Counted("objects", trail.Objects, hasDay ? objects : null);
    }

    void WriteBill(TrailEstimate trail)
    {
        var (requests, storage) = settings.Monthly(trail, Days);
        output.WriteLine();
        output.WriteLine(Printable.Escape(string.Create(
            CultureInfo.InvariantCulture,
            $"A month costs {requests + storage:N2} {settings.Prices.Currency} once {settings.DaysKept(trail):N0} days are kept: "
                + $"{storage:N2} for storage, {requests:N2} for requests ({settings.Prices.Name}).")));
        if (trail.StorageClass is { } storageClass && !settings.AreOwnPrices)
            output.WriteLine(Printable.Escape(
                $"The Trail stores with the class {storageClass}, whose prices, least sizes and least times are others: give --prices."));
        output.WriteLine("A day and a month include digests" + (settings.ApiServers == 1 ? "." : $", of {settings.ApiServers} API servers."));
    }

    void WriteTable(string title, string[] columns, TrailEstimate trail, Tally tally)
    {
        var largest = tally.Largest;
        output.WriteLine();
        output.WriteLine(
            title + (largest.Count > Shown ? string.Create(CultureInfo.InvariantCulture, $", the first {Shown} of {largest.Count:N0}") : ""));
        Lines(
        [
            [.. columns, "EVENTS", "OF THE LOG", "AS RECORDS", "SHARE"],
            .. largest.Take(Shown).Select(one => (string?[])
            [
                .. Cells(one.Key, columns.Length), Count(one.Value.Events), Size(one.Value.LogBytes), Size(one.Value.RecordBytes),
                Share(one.Value.RecordBytes, trail.RecordBytes),
            ]),
        ]);
    }

    void WriteSavings(TrailEstimate trail)
    {
        output.WriteLine();
        output.WriteLine("What would save most: a rule before the others for these requests");
        Lines(
        [
            ["USER", "VERB", "RESOURCE", "EVENTS", "LEVEL NONE SAVES", "LEVEL METADATA SAVES"],
            .. trail.Requests.Largest.Take(Shown).Select(one => (string?[])
            [
                .. Cells(one.Key, 3), Count(one.Value.Events), Share(one.Value.RecordBytes, trail.RecordBytes),
                Share(one.Value.RecordBytes - one.Value.MetadataBytes, trail.RecordBytes),
            ]),
        ]);
    }

    void Lines(IReadOnlyList<string?[]> rows)
    {
        foreach (var line in Columns.Align(rows))
            output.WriteLine($"  {line}");
    }

    // What was counted together has no parts.
    static IEnumerable<string> Cells(string key, int columns)
    {
        var cells = key.Split('\t', columns);
        return cells.Concat(Enumerable.Repeat("", columns - cells.Length));
    }

    static string Lasting(TimeSpan time) => time switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
    };

    static string Share(double part, double whole) =>
        whole == 0 ? "0 %" : string.Create(CultureInfo.InvariantCulture, $"{100 * part / whole:0.0} %");

    static string Count(double count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0}");

    static string Size(double bytes) => bytes switch
    {
        >= 1e12 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e12:N1} TB"),
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:N1} GB"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N1} MB"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:N1} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} B"),
    };
}

using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>Gives each event of logs, or of an archive, to the estimates of all Trails.</summary>
sealed class EstimateRun : IDisposable
{
    readonly IReadOnlyList<TrailEstimate> trails;
    readonly EventReader reader;

    internal EstimateRun(IReadOnlyList<TrailEstimate> trails) => (this.trails, reader) = (trails, new(Take));

    /// <summary>How many events there were.</summary>
    internal long Events { get; private set; }

    internal long Bytes { get; private set; }

    /// <summary>The times of the first and the last event.</summary>
    internal DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    internal DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    internal TimeSpan Covered => Events == 0 ? TimeSpan.Zero : Last - First;

    /// <exception cref="TrailException">A file cannot be read, or has something else in it.</exception>
    internal void ReadLogs(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            reader.Read(file, cancellationToken);
            if (reader.Wrong is { } wrong)
                throw new TrailException(ExitCode.BadUsage, $"{file} is wrong: {wrong}");
        }

        Complete();
    }

    internal async Task ReadArchiveAsync(
        ILocation location, ObjectReader objects, ObjectScope scope, TimeRange range, SearchProgress progress,
        CancellationToken cancellationToken)
    {
        var listing = await location.ListAsync(scope, cancellationToken);
        foreach (var skipped in listing.Skipped)
            progress.Report(skipped);
        var spans = ObjectSpans.Of(objects.Openable([.. listing.Objects.Where(scope.Has)], progress.Report))
            .Where(span => span.MayMeet(range)).OrderBy(span => span.First).ToList();
        progress.Found(spans.Count);
        foreach (var span in spans)
        {
            await objects.ReadAsync(location, span.Object, record => reader.TryHandle(record.Span), progress.Report, cancellationToken);
            progress.Done();
        }

        Complete();
    }

    public void Dispose()
    {
        reader.Dispose();
        foreach (var trail in trails)
            trail.Dispose();
    }

    void Take(in AuditEvent audit)
    {
        // What selectors say is about audit events; programs are asked for by namespace.
        if (audit.IsProcess)
            return;
        var time = EventTime.Parse(audit.StageTimestamp) ?? (Events == 0 ? DateTimeOffset.UnixEpoch : Last);
        (First, Last) = (time < First ? time : First, time > Last ? time : Last);
        Events++;
        Bytes += audit.Line.Length + 1;
        foreach (var trail in trails)
            trail.Add(audit, time);
    }

    void Complete()
    {
        foreach (var trail in trails)
            trail.Complete();
    }
}

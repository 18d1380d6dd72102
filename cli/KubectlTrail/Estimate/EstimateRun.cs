using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>Gives each event of logs, or of an archive, to the estimates of all Trails.</summary>
sealed class EstimateRun : IDisposable
{
    static readonly DateTimeOffset Kubernetes = new(2014, 6, 6, 0, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    readonly DateTimeOffset now;
    readonly IReadOnlyList<TrailEstimate> trails;
    readonly EventReader reader;
    TimeRange asked = TimeRange.All;

    internal EstimateRun(IReadOnlyList<TrailEstimate> trails, DateTimeOffset now) =>
        (this.trails, this.now, reader) = (trails, now, new(Take));

    /// <summary>How many events there were.</summary>
    internal long Events { get; private set; }

    internal long Bytes { get; private set; }

    /// <summary>The times of the first and the last event.</summary>
    internal DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    internal DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    internal TimeSpan Covered => First > Last ? TimeSpan.Zero : Last - First;

    /// <exception cref="TrailException">A file cannot be read, or has something else in it.</exception>
    internal void ReadLogs(IEnumerable<string> files, Action<string> report, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            var (events, wrong) = (reader.Events, reader.WrongCount);
            reader.Read(file, cancellationToken);
            if ((wrong = reader.WrongCount - wrong) == 0)
                continue;
            if (reader.Events == events)
                throw new TrailException(
                    ExitCode.BadUsage, $"{file} is wrong: none of its lines or documents is an event of audit.k8s.io/v1, or a record of an archive");
            report(
                $"{file}: {wrong} {(wrong == 1 ? "line or document is" : "lines or documents are")} no event. Agents record such lines too, as "
                    + "Unparsable; they are not in the estimate.");
        }

        Complete();
    }

    internal async Task ReadArchiveAsync(
        IHistory archive, ObjectScope scope, TimeRange range, SearchProgress progress, CancellationToken cancellationToken)
    {
        var listed = await archive.ListAsync(scope, progress.Report, cancellationToken);
        var spans = listed.Where(span => span.MayMeet(range)).OrderBy(span => span.First).ToList();
        progress.Found(spans.Count);
        asked = range;
        foreach (var span in spans)
        {
            await archive.ReadAsync(span.Object, record => reader.TryHandle(record.Span), progress.Report, cancellationToken);
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
        if (asked != TimeRange.All && !asked.Has(time))
            return;
        // A time of another age says nothing of how long the log is.
        if (time > Kubernetes && time < now + Ahead)
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

using System.Globalization;
using System.Text;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Agents;

/// <summary>An agent's report as it may go into a status: texts cut and on one line, and no time in the future. Pure.</summary>
/// <remarks>Assumption: <see cref="ReportProblem"/> has found nothing.</remarks>
static class CleanReport
{
    public const int LongestText = 2000;
    public const int LongestName = 300;
    const int LongestCode = 64;

    /// <summary>How far an agent's clock may be ahead of the operator's.</summary>
    public static readonly TimeSpan ClocksDiffer = TimeSpan.FromHours(1);

    public static AgentStatus Of(AgentStatus status, DateTimeOffset now) => status with
    {
        Agent = status.Agent with
        {
            Version = Name(status.Agent.Version),
            Revision = Name(status.Agent.Revision),
            ClusterName = Name(status.Agent.ClusterName),
            NodeName = SharedText.Of(status.Agent.NodeName),
            Trail = SharedText.Of(status.Agent.Trail),
        },
        ConfigHash = Name(status.ConfigHash),
        // Nothing of it is read here.
        Configuration = null,
        Selectors = status.Selectors with { Hash = Name(status.Selectors.Hash), LastError = Text(status.Selectors.LastError) },
        Detections = status.Detections is { } detections ? Of(detections, now) : null,
        Sources = [.. status.Sources.Select(source => Of(source, now))],
        Sinks = [.. status.Sinks.Select(sink => Of(sink, now))],
        Notifications = status.Notifications is { } notifications ? Of(notifications, now) : null,
        Integrity = status.Integrity is { } integrity ? integrity with
        {
            Until = integrity.Until is { } until ? Past(until, now) : null,
            Confirmed = integrity.Confirmed is { Until: { } since } confirmed
                ? confirmed with { Until = Past(since, now) } : integrity.Confirmed,
            Chain = SharedText.Of(integrity.Chain),
            Problem = Text(integrity.Problem),
        } : null,
        Enrichment = status.Enrichment is { } enrichment ? enrichment with { LabelsHash = Hash(enrichment.LabelsHash) } : null,
        Immutability = status.Immutability is { } found ? found with
        {
            At = Past(found.At, now),
            Reason = Text(found.Reason, LongestCode),
            Message = Text(found.Message, LongestText),
            Object = Name(found.Object),
        } : null,
    };

    /// <summary>Cut, and with control characters as escapes: nothing in it starts a line, or means anything to a terminal.</summary>
    public static string Text(string text, int longest)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= longest)
                return clean.Append(" …").ToString();
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                clean.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else
                clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    static DetectionsStatus Of(DetectionsStatus detections, DateTimeOffset now) => detections with
    {
        Hash = Name(detections.Hash),
        LastError = Text(detections.LastError),
        Findings =
        [
            .. detections.Findings.Select(finding => finding with
            {
                Description = Name(finding.Description),
                LastAt = Past(finding.LastAt, now),
                LastEventId = Name(finding.LastEventId),
            }),
        ],
        CannotFire = [.. detections.CannotFire.Select(blind => blind with { Needs = Name(blind.Needs) })],
    };

    static SourceStatus Of(SourceStatus source, DateTimeOffset now) => source with
    {
        Name = Name(source.Name),
        Path = Name(source.Path),
        File = Text(source.File, LongestName),
        Message = Text(source.Message),
        LastEventAt = source.LastEventAt is { } at ? Past(at, now) : null,
        Processes = source.Processes is { } processes ? processes with { Reason = Text(processes.Reason) } : null,
        Containers = source.Containers is { } containers ? containers with
        {
            RulesHash = Hash(containers.RulesHash),
            LabelsHash = Hash(containers.LabelsHash),
        } : null,
        Receiver = source.Receiver is { } receiver ? receiver with
        {
            LastRefusal = Text(receiver.LastRefusal),
            LastRefusalAt = receiver.LastRefusalAt is { } refused ? Past(refused, now) : null,
            LastDeferredAt = receiver.LastDeferredAt is { } deferred ? Past(deferred, now) : null,
            // The message has them.
            Callers = [],
            Queue = null,
        } : null,
        // Nothing of it is read here.
        Feed = null,
    };

    static string? Hash(string? hash) => hash is null ? null : Name(hash);

    static SinkStatus Of(SinkStatus sink, DateTimeOffset now) => sink with
    {
        Description = Name(sink.Description),
        LastDelivery = sink.LastDelivery is { } delivery ? new(Past(delivery.At, now), Text(delivery.Object, LongestText)) : null,
        LastError = sink.LastError is { } error
            ? error with
            {
                At = Past(error.At, now),
                Since = Past(error.Since, now),
                Code = Text(error.Code, LongestCode),
                Message = Text(error.Message, LongestText),
            }
            : null,
        FirstAside = sink.FirstAside is { } aside
            ? aside with
            {
                Batch = Name(aside.Batch),
                Since = Past(aside.Since, now),
                Code = Text(aside.Code, LongestCode),
                Message = Text(aside.Message, LongestText),
            }
            : null,
        TrustError = Text(sink.TrustError),
    };

    // A time to come would be the newest for years.
    static DateTimeOffset Past(DateTimeOffset at, DateTimeOffset now) => at > now + ClocksDiffer ? now : at;

    // Mostly what other agents say too.
    static string Name(string text) => SharedText.Of(Text(text, LongestName));

    static string? Text(string? text) => text is null ? null : SharedText.Of(Text(text, LongestText));
}

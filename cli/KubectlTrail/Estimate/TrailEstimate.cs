using System.Text;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary>What one Trail would record of a log.</summary>
sealed class TrailEstimate : IDisposable
{
    const int SecondsADay = 86_400;
    const int CanariesADay = 2;

    // Measured, see docs/scale.md.
    const int DigestBytes = 1050;
    const int DigestBytesOfObject = 530;

    readonly AttachedTrail attached;
    readonly Selector selector;
    readonly EstimatedRecord writer;
    readonly EstimatedBatches batches;
    readonly AggregateKeyWriter keys = new();
    readonly StringBuilder key = new();

    internal TrailEstimate(AttachedTrail attached)
    {
        this.attached = attached;
        selector = new(attached.Selectors);
        writer = new(attached.Configuration.ClusterName, attached.Trail.Metadata.Name);
        var recipients = attached.Configuration.Encryption.Envelope?.RecipientPaths.Count ?? 0;
        batches = new(attached.Configuration.Batch, recipients, writer);
    }

    internal string Name => attached.Trail.Metadata.Name;

    /// <summary>For how many days the Trail locks what it stores; null if it does not.</summary>
    internal int? LockedDays => attached.Configuration.Sink.S3?.ObjectLock?.RetentionDays;

    /// <summary>The class that the Trail asks S3 for; null if none.</summary>
    internal string? StorageClass => attached.Configuration.Sink.S3?.StorageClass;

    /// <summary>How many have records of their own.</summary>
    internal long Events { get; private set; }

    /// <summary>How many are counted in records of category Aggregate.</summary>
    internal long AggregatedEvents { get; private set; }

    /// <summary>How many no rule matches, not even one with the level None.</summary>
    internal long UnmatchedEvents { get; private set; }

    internal long AggregateRecords => batches.AggregateRecords;

    internal long LogBytes { get; private set; }

    internal long RecordBytes { get; private set; }

    internal long Objects => batches.Objects;

    internal long StoredBytes => batches.StoredBytes;

    /// <summary>By the selector rule that decides.</summary>
    internal Tally Rules { get; } = new();

    internal Tally Users { get; } = new();

    /// <summary>By user, verb and resource, with a tab between.</summary>
    internal Tally Requests { get; } = new();

    internal double DigestsADay => attached.Configuration.Integrity is { } integrity ? SecondsADay / (double)integrity.IntervalSeconds : 0;

    internal void Add(in AuditEvent audit, DateTimeOffset time)
    {
        var level = selector.Select(audit, out var bySet, out var byRule);
        if (level == AuditLevel.None)
        {
            UnmatchedEvents += selector.Matches(audit) ? 0 : 1;
            return;
        }

        var (record, metadata) = level == AuditLevel.Aggregate && keys.TryWrite(audit, out var counted)
            ? Count(counted, time)
            : Record(audit, level == AuditLevel.Aggregate ? AuditLevel.Metadata : level, time);
        var line = audit.Line.Length + 1;
        LogBytes += line;
        RecordBytes += record;
        var set = attached.Selectors.RuleSets[bySet].Name;
        Rules.Add(Encoding.UTF8.GetBytes($"{set}\trules[{byRule}]\t{level}"), line, record, metadata);
        Users.Add(audit.UserName, line, record, metadata);
        Requests.Add(Request(audit), line, record, metadata);
    }

    internal void Complete() => batches.Close();

    /// <summary>What a day stores, given how many such days the log is: batches, digests and canaries.</summary>
    internal (double Objects, double Bytes) Daily(double days, int apiServers)
    {
        var (objects, bytes) = (Objects / days, StoredBytes / days);
        var digests = DigestsADay;
        var digestBytes = digests == 0 ? 0 : (digests * DigestBytes) + (objects * DigestBytesOfObject);
        return ((objects + digests + (LockedDays is null ? 0 : CanariesADay)) * apiServers, (bytes + digestBytes) * apiServers);
    }

    (long Record, long Metadata) Count(in AggregateKey counted, DateTimeOffset time)
    {
        AggregatedEvents++;
        var bytes = batches.Count(counted, time);
        return (bytes, bytes);
    }

    (long Record, long Metadata) Record(in AuditEvent audit, AuditLevel level, DateTimeOffset time)
    {
        Events++;
        var record = writer.Write(audit, level);
        batches.Add(record, time);
        return (record.Length, record.Length - EstimatedRecord.Cut(audit, AuditLevel.Metadata) + EstimatedRecord.Cut(audit, level));
    }

    public void Dispose() => batches.Dispose();

    byte[] Request(in AuditEvent audit)
    {
        key.Clear().Append(Encoding.UTF8.GetString(audit.UserName)).Append('\t').Append(Encoding.UTF8.GetString(audit.Verb)).Append('\t');
        key.Append(audit.HasObject ? Encoding.UTF8.GetString(audit.Resource) : "(no resource)");
        if (!audit.Subresource.IsEmpty)
            key.Append('/').Append(Encoding.UTF8.GetString(audit.Subresource));
        if (!audit.ApiGroup.IsEmpty)
            key.Append('.').Append(Encoding.UTF8.GetString(audit.ApiGroup));
        return Encoding.UTF8.GetBytes(key.ToString());
    }
}

using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Records;

/// <summary>Finds the labels that the records of one source get, and counts the records that lack them. One thread uses it.</summary>
/// <remarks>
/// The labels are those that are known when a record is written. What is read again after a crash may get others; a sealed batch never
/// does.
/// </remarks>
/// <param name="asked">What the Trail asks for.</param>
/// <param name="known">What the operator sent.</param>
/// <param name="count">Takes how many more records lack labels.</param>
sealed class RecordTags(EnrichmentConfiguration asked, Func<KnownTags> known, Action<int> count)
{
    readonly bool ofNamespaces = asked.NamespaceLabels is { Count: > 0 };
    readonly bool ofOwners = asked.OwnerLabels is { Count: > 0 };
    int lacking;

    /// <summary>The labels for a record.</summary>
    /// <param name="tags">Where they are found; null if a Trail asks for none.</param>
    /// <param name="within">The namespace that the event is about; empty if it is about none.</param>
    /// <param name="podUid">The pod that the event is about; empty if it is about none, or names none.</param>
    public static EventContext Of(RecordTags? tags, ReadOnlySpan<byte> within, ReadOnlySpan<byte> podUid = default) =>
        tags is null ? default : tags.Find(within, podUid);

    /// <summary>How many bytes the labels will take in the record of a count, as they are now. Nothing is counted as lacking.</summary>
    public static int LengthIn(RecordTags? tags, ReadOnlySpan<byte> within) =>
        tags?.LengthIn(within) ?? 0;

    /// <summary>Passes on what was counted since the last time.</summary>
    public void ReportCounts()
    {
        if (lacking > 0)
        {
            count(lacking);
            lacking = 0;
        }
    }

    int LengthIn(ReadOnlySpan<byte> within) =>
        ofNamespaces && known().TryNamespace(within, out var item) ? new EventContext(item, default).Length : 0;

    EventContext Find(ReadOnlySpan<byte> within, ReadOnlySpan<byte> podUid)
    {
        var tags = known();
        ReadOnlySpan<byte> ofNamespace = default;
        ReadOnlySpan<byte> ofOwner = default;
        var isWhole = !ofNamespaces || within.IsEmpty || tags.TryNamespace(within, out ofNamespace);
        isWhole &= !ofOwners || podUid.IsEmpty || tags.TryOwner(podUid, out ofOwner);
        lacking += isWhole ? 0 : 1;
        return new(ofNamespace, ofOwner);
    }
}

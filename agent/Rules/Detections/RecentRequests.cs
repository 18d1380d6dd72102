using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>The requests that a rule was told of at an early stage, so that a later one of the same request is not told again.</summary>
/// <remarks>Of two requests in the same place the newer stays: the older may then be told twice, which is better than not at all.</remarks>
sealed class RecentRequests
{
    const int Places = 1024;

    static readonly int Salt = Random.Shared.Next();

    static readonly StageSet Last = StageSet.Of([AuditStage.ResponseComplete, AuditStage.Panic]);

    readonly int[] requests = new int[Places];

    /// <summary>Notes the request; false when it was noted before. With its last stage it is forgotten then.</summary>
    public bool Note(in AuditEvent audit, StageSet stage)
    {
        // The API server gives the time and the user; a client that sends the auditID of another request changes nothing.
        var hash = new HashCode();
        hash.Add(Salt);
        hash.AddBytes(audit.RequestReceivedTimestamp);
        hash.AddBytes(audit.UserName);
        hash.AddBytes(audit.Verb);
        hash.AddBytes(audit.RequestUri);
        var request = hash.ToHashCode() | 1;
        ref var place = ref requests[(request >> 1) & (Places - 1)];
        var isNew = place != request;
        place = isNew || !stage.Overlaps(Last) ? request : 0;
        return isNew;
    }
}

using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>The requests on which a rule has fired at an early stage, so that it does not fire again at a later one.</summary>
/// <remarks>
/// When more requests meet in one set than it has places, the oldest is evicted: the rule may then fire twice on it, which is better than
/// not at all.
/// </remarks>
sealed class RecentRequests
{
    const int Sets = 256;
    const int PlacesOfSet = 4;

    static readonly int Salt = Random.Shared.Next();

    static readonly StageSet Last = StageSet.Of([AuditStage.ResponseComplete, AuditStage.Panic]);

    readonly int[] requests = new int[Sets * PlacesOfSet];

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
        // The newest first.
        var set = requests.AsSpan(((request >> 1) & (Sets - 1)) * PlacesOfSet, PlacesOfSet);
        var at = set.IndexOf(request);
        var isNew = at < 0;
        if (isNew)
        {
            set[..^1].CopyTo(set[1..]);
            set[0] = request;
        }
        else if (stage.Overlaps(Last))
        {
            set[(at + 1)..].CopyTo(set[at..]);
            set[^1] = 0;
        }

        return isNew;
    }
}

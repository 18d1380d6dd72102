using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Lake.Events;

/// <summary>A member of records that columns are made of, or that contains some.</summary>
/// <param name="name">Its name in JSON.</param>
/// <param name="place">Where the token of its value is kept; null if only of what it contains.</param>
/// <param name="inner">Those that it contains.</param>
sealed class RecordMember(string name, int? place, params RecordMember[] inner)
{
    // Where the record itself says what of most records the event says.
    const int First = (int)EventColumn.Record;

    internal const int OwnGroup = First, OwnResource = First + 1, OwnSubresource = First + 2, OwnNamespace = First + 3, OwnName = First + 4,
        ContainerNamespace = First + 5, OwnReason = First + 6, LossReason = First + 7;

    /// <summary>How many places there are.</summary>
    internal const int Places = First + 8;

    readonly byte[] key = Encoding.UTF8.GetBytes(name);

    /// <summary>The record itself.</summary>
    internal static RecordMember Root { get; } = In(
        "",
        Of("eventTime", EventColumn.Time), Of("eventID", EventColumn.Id), Of("eventCategory", EventColumn.Category),
        Of("eventName", EventColumn.Verb), Of("sourceIPAddress", EventColumn.SourceIp), Of("errorCode", EventColumn.Reason),
        Of("clusterName", EventColumn.Cluster), Of("nodeName", EventColumn.Node), Of("trail", EventColumn.Trail),
        Of("reason", OwnReason), In("eventContext", In("tagContext", Of("resourceTags", EventColumn.NamespaceLabels))),
        In("userIdentity", Of("userName", EventColumn.User), Of("actingAs", EventColumn.Impersonated)),
        In("insightDetails", Of("rule", EventColumn.Rule), Of("severity", EventColumn.Severity)),
        In("aggregateDetails", Of("count", EventColumn.Count), Of("stage", EventColumn.Stage), Of("statusCode", EventColumn.Status),
            Of("userAgent", EventColumn.UserAgent)),
        In("objectRef", Of("apiGroup", OwnGroup), Of("resource", OwnResource), Of("subresource", OwnSubresource),
            Of("namespace", OwnNamespace), Of("name", OwnName)),
        In("event", Of("auditID", EventColumn.AuditId), Of("level", EventColumn.Level), Of("stage", EventColumn.Stage),
            Of("userAgent", EventColumn.UserAgent),
            In("user", Of("groups", EventColumn.Groups)), In("impersonatedUser", Of("groups", EventColumn.ImpersonatedGroups)),
            In("objectRef", Of("apiGroup", EventColumn.Group), Of("resource", EventColumn.Resource),
                Of("subresource", EventColumn.Subresource), Of("namespace", EventColumn.Namespace), Of("name", EventColumn.Name)),
            In("responseStatus", Of("code", EventColumn.Status)),
            In("annotations", Of("authorization.k8s.io/decision", EventColumn.Decision)),
            In("container", Of("pod", EventColumn.Pod), Of("name", EventColumn.Container),
                Of("namespace", ContainerNamespace)),
            In("process", Of("executable", EventColumn.Executable), Of("arguments", EventColumn.Arguments)),
            In("loss", Of("reason", LossReason))));

    /// <summary>Finds all places in the object at the token. Of a member that is given twice, the last counts.</summary>
    /// <param name="json">An indexed text.</param>
    /// <param name="index">Its index.</param>
    /// <param name="token">Where the object begins; anything else has no members.</param>
    /// <param name="places">The tokens of the values; 0 for what is not there.</param>
    internal void Find(ReadOnlySpan<byte> json, JsonIndex index, int token, Span<int> places)
    {
        foreach (var member in new JsonMembers(json, index, token))
        {
            foreach (var known in inner)
            {
                if (member.Name.SequenceEqual(known.key))
                {
                    known.Take(json, index, member.Value, places);
                    break;
                }
            }
        }
    }

    void Take(ReadOnlySpan<byte> json, JsonIndex index, int token, Span<int> places)
    {
        if (place is { } own)
            places[own] = token;
        else
            Find(json, index, token, places);
    }

    static RecordMember Of(string name, EventColumn column) => new(name, (int)column);

    static RecordMember Of(string name, int place) => new(name, place);

    static RecordMember In(string name, params RecordMember[] inner) => new(name, null, inner);
}

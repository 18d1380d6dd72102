using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Agent.Records;

/// <summary>Writes the record of an unusual rate: it is of many events, so it has the rate's subject for a user and a name. Rare.</summary>
sealed class UnusualRecordWriter(Origin origin)
{
    const string NoGroup = "core";

    readonly RecordEnvelope envelope = new(origin);

    /// <param name="id">What its eventID ends with.</param>
    /// <param name="time">Of the event that showed it.</param>
    public void Write(
        RateSubject subject, string id, ReadOnlySpan<byte> details, ReadOnlySpan<byte> time, Position position, RecordBuffer record)
    {
        var (about, objectRef) = (Encoding.UTF8.GetBytes(About(subject)), Encoding.UTF8.GetBytes(ObjectRef(subject)));
        record.Start(envelope.Length + id.Length + time.Length + about.Length + objectRef.Length + details.Length + 64);
        envelope.Begin(position, id, time, "Insight"u8, record);
        record.Append("\","u8);
        record.Append(about);
        record.Append(","u8);
        envelope.End(record);
        record.Append(objectRef);
        record.Append(",\"insightDetails\":"u8);
        record.Append(details);
        record.Append("}\n"u8);
    }

    static string About(RateSubject subject)
    {
        if (subject.User is { } user)
        {
            return $$"""
                "eventSource":"{{NoGroup}}","eventName":"*","userIdentity":{"type":"{{TypeOf(user)}}","userName":"{{Json(user)}}"}
                """;
        }

        var group = subject.ApiGroup is null or "" ? NoGroup : subject.ApiGroup;
        return $$"""
            "eventSource":"{{Json(group)}}","eventName":"{{Json($"{subject.Verb} {subject.Resource}".TrimEnd())}}"
            """;
    }

    // So that who looks for the kind of object finds it.
    static string ObjectRef(RateSubject subject) => subject.Resource is null or "" ? ""
        : $$"""
            ,"objectRef":{"resource":"{{Json(subject.Resource)}}","apiGroup":"{{Json(subject.ApiGroup ?? "")}}"}
            """;

    static string TypeOf(string user) => Encoding.ASCII.GetString(Classification.IdentityType(Encoding.UTF8.GetBytes(user)));

    static string Json(string text) => $"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}";
}

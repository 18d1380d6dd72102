using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Rules.Insights;

/// <summary>What an Insight says, as the JSON of a record's <c>insightDetails</c>.</summary>
static class InsightDetails
{
    const string Time = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(RateInsight insight) => Write(json =>
    {
        Head(json, InsightKinds.Of(insight), Describe(insight), []);
        json.WriteString("measure", insight.Measure == RateMeasure.Calls ? "calls" : "errors");
        json.WriteStartObject("subject");
        Member(json, "userName", insight.Subject.User);
        Member(json, "verb", insight.Subject.Verb);
        Member(json, "apiGroup", insight.Subject.ApiGroup);
        Member(json, "resource", insight.Subject.Resource);
        json.WriteEndObject();
        Number(json, "baseline", insight.Baseline);
        Number(json, "observed", insight.Observed);
        Number(json, "ratio", insight.Ratio);
        Number(json, "peak", insight.Peak);
        json.WriteString("from", insight.From.ToString(Time, CultureInfo.InvariantCulture));
        json.WriteString("to", insight.To.ToString(Time, CultureInfo.InvariantCulture));
        Member(json, "end", insight.End == StretchEnd.None ? null : $"{insight.End}");
        Shares(json, "users", insight.Users);
        Shares(json, "userAgents", insight.UserAgents);
    });

    /// <param name="eventId">Of the event that showed it.</param>
    public static byte[] Write(FirstSeenInsight insight, string eventId) => Write(json =>
    {
        Head(json, InsightKinds.Of(insight), $"First seen in {SeenSet.Days} days: {insight.User}, {insight.What}", [eventId]);
        json.WriteString("userName", insight.User);
        json.WriteString("firstSeen", insight.What);
    });

    static string Describe(RateInsight insight) => $"{insight.Measure} of {insight.Subject}: "
        + string.Create(CultureInfo.InvariantCulture, $"{insight.Observed:0.#} a minute, usual are {insight.Baseline:0.#}");

    static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    // As of a detection, so that readers of findings read these too.
    static void Head(Utf8JsonWriter json, DetectionRule kind, string description, string[] evidence)
    {
        json.WriteString("rule", kind.Name);
        json.WriteString("severity", kind.Severity.Word());
        json.WriteString("group", kind.Group);
        json.WriteString("description", description);
        json.WriteStartArray("tags");
        json.WriteEndArray();
        json.WriteStartArray("eventIDs");
        foreach (var id in evidence)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }

    static void Member(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    static void Number(Utf8JsonWriter json, string name, double value) => json.WriteNumber(name, Math.Round(value, 2));

    static void Shares(Utf8JsonWriter json, string name, IReadOnlyList<Contribution> shares)
    {
        json.WriteStartArray(name);
        foreach (var share in shares)
        {
            json.WriteStartObject();
            json.WriteString("name", share.Name);
            json.WriteNumber("events", share.Events);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

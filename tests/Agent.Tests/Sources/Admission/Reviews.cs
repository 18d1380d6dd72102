using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Agent.Sources.Admission;
using ClusterTrail.Agent.Sources.Webhook;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

/// <summary>Admission reviews, in the shape in which kube-apiserver sends them.</summary>
static class Reviews
{
    public const string Uid = "705ab4f5-6393-11e8-b7cc-42010a800002";

    public static readonly DateTimeOffset Arrived = new DateTimeOffset(2026, 11, 27, 10, 11, 12, TimeSpan.Zero).AddTicks(1234560);

    const string User =
        """{"username":"ann","uid":"014fbff9a07c","groups":["system:authenticated","team"],"extra":{"scopes":["a","b"]}}""";

    public const string Pod = """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","namespace":"shop","uid":"11-22","resourceVersion":"7"},"spec":{"containers":[{"name":"c","image":"i"}]}}
        """;

    /// <summary>The request of a review: what is not given is as of the creation of a pod; a null removes the member.</summary>
    public static JsonObject Request(params (string Name, string? Json)[] changes)
    {
        var request = JsonNode.Parse($$$"""
            {"uid":"{{{Uid}}}","kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},
            "requestKind":{"group":"","version":"v1","kind":"Pod"},"requestResource":{"group":"","version":"v1","resource":"pods"},
            "name":"web","namespace":"shop","operation":"CREATE","userInfo":{{{User}}},"object":{{{Pod}}},"oldObject":null,"dryRun":false,
            "options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1","fieldManager":"kubectl-create","fieldValidation":"Strict"}}
            """)!.AsObject();
        foreach (var (name, json) in changes)
        {
            if (json is null)
                request.Remove(name);
            else
                request[name] = JsonNode.Parse(json);
        }

        return request;
    }

    /// <summary>A request for another resource, as both of its members say.</summary>
    public static JsonObject For(string group, string version, string resource, string? subresource, params (string Name, string? Json)[] changes)
    {
        var json = $$"""{"group":"{{group}}","version":"{{version}}","resource":"{{resource}}"}""";
        return Request([
            ("resource", json), ("requestResource", json),
            .. subresource is null ? [] : new (string, string?)[] { ("subResource", $"\"{subresource}\""), ("requestSubResource", $"\"{subresource}\"") },
            .. changes]);
    }

    public static string Review(JsonObject request) =>
        new JsonObject { ["kind"] = "AdmissionReview", ["apiVersion"] = "admission.k8s.io/v1", ["request"] = request.DeepClone() }.ToJsonString();

    /// <summary>A review with this uid.</summary>
    public static string Numbered(int number, int bytes = 0) => Review(Request(
        ("uid", $"\"uid-{number}\""), ("object", $$"""{"metadata":{"name":"web-{{number}}"},"data":"{{new string('x', bytes)}}"}""")));

    public static byte[] Line(string review)
    {
        using var line = new PooledBytes();
        AdmissionEvent.Write(AdmissionReviewReader.Read(Encoding.UTF8.GetBytes(review)), Arrived, line);
        return line.Written.ToArray();
    }

    public static JsonElement Event(JsonObject request) => JsonDocument.Parse(Line(Review(request))).RootElement;
}

using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>The <c>responseStatus</c> of an event of GKE.</summary>
static class GkeStatus
{
    public static void Write(Utf8JsonWriter json, JsonElement payload)
    {
        var status = payload.Object("status");
        var response = payload.Object("response");
        var isStatus = response?.Text("kind") == "Status";
        // What kube-apiserver answered, if it is there: the other one is a translation.
        var code = isStatus && response!.Value.Number("code") is { } answered ? answered : Code(status?.Number("code") ?? 0);
        json.WriteStartObject("responseStatus");
        json.WriteStartObject("metadata");
        json.WriteEndObject();
        foreach (var name in new[] { "status", "message", "reason" })
        {
            if ((isStatus ? response?.Text(name) : name == "message" ? status?.Text(name) : null) is { } text)
                json.WriteString(name, text);
        }

        json.WriteNumber("code", code);
        json.WriteEndObject();
    }

    // google.rpc.Code, as HTTP has it.
    static int Code(int rpc) => rpc switch
    {
        0 => 200,
        1 => 499,
        3 or 9 or 11 => 400,
        4 => 504,
        5 => 404,
        6 or 10 => 409,
        7 => 403,
        8 => 429,
        12 => 501,
        14 => 503,
        16 => 401,
        _ => 500,
    };
}

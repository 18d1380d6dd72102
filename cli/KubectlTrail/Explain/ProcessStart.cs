using System.Text;
using System.Text.Json;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>What a process's record says of who or what started it, in words. Pure.</summary>
static class ProcessStart
{
    internal static IReadOnlyList<string> Of(in AuditEvent process)
    {
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(process.Line));
        var root = json.RootElement;
        return root.TryGetProperty("join", out var join) && join.ValueKind == JsonValueKind.Object ? [.. OfJoin(join)]
            : root.TryGetProperty("process", out var one) && Text(one, "entry") is { } entry ? [OfEntry(entry)]
            : ["not joined: it was started in its container, and no process above it is known to have entered it from outside"];
    }

    static IEnumerable<string> OfJoin(JsonElement join)
    {
        if (Text(join, "inheritedFrom") is { } parent)
            yield return $"below process {parent}, which entered the container: what follows is said of that one";
        yield return Text(join, "startedBy") switch
        {
            "ApiRequest" when Count(join, "apiEvents") == 1 && Text(join, "uncertain") is null =>
                "joined: one API event started it; pod, container, command and time match",
            "ApiRequest" => "joined, but not for certain: each of these API events can have started it",
            "PodSpec" => "not joined: the kubelet started it, as the pod's specification has this command for a probe or a hook",
            "Unexplained" => "not joined: it entered the container, and all API events of that time are known, and none started it",
            _ => $"not joined, as nobody can say what started it: {Text(join, "notEvaluable") ?? "the record has no reason"}",
        };
        foreach (var line in Events(join, "apiEvents", "API event"))
            yield return line;
        if (Text(join, "uncertain") is { } uncertain)
            yield return $"others than those can have started it: {uncertain}";
        foreach (var line in Events(join, "takenApiEvents", "it matches, but had started another process already: API event"))
            yield return line;
    }

    static string OfEntry(string entry) => entry == "Started"
        ? "not joined: it is the first process of its container, started by the container runtime"
        : "not joined: it entered the container, and the agent that recorded it joins nothing";

    static IEnumerable<string> Events(JsonElement join, string name, string title) =>
        join.TryGetProperty(name, out var events) && events.ValueKind == JsonValueKind.Array
            ? events.EnumerateArray().Select(one => $"{title} {Text(one, "eventID")} of {Text(one, "eventTime")}, by {Who(one)}")
            : [];

    static string Who(JsonElement one)
    {
        if (one.ValueKind != JsonValueKind.Object || !one.TryGetProperty("userIdentity", out var user))
            return "nobody";
        var name = $"{Text(user, "userName")} ({Text(user, "type")})";
        return Text(user, "actingAs") is { } other ? $"{name} acting as {other}" : name;
    }

    static int Count(JsonElement join, string name) =>
        join.TryGetProperty(name, out var events) && events.ValueKind == JsonValueKind.Array ? events.GetArrayLength() : 0;

    static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

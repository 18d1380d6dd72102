using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes;

/// <summary>A node's status.</summary>
static class NodeStatusOf
{
    public static JsonObject Well(string name, DateTimeOffset now)
    {
        var status = Of("True", "KubeletReady", "kubelet is posting ready status", now);
        status["addresses"] = new JsonArray(new JsonObject { ["type"] = "Hostname", ["address"] = name });
        return status;
    }

    public static JsonObject Unknown(DateTimeOffset now) => Of("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.", now);

    public static string? Ready(Seen node) =>
        (string?)node.Status?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == "Ready")?["status"];

    static JsonObject Of(string ready, string reason, string message, DateTimeOffset now) => new()
    {
        ["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "Ready",
            ["status"] = ready,
            ["reason"] = reason,
            ["message"] = message,
            ["lastHeartbeatTime"] = Texts.Time(now),
            ["lastTransitionTime"] = Texts.Time(now),
        }),
    };
}

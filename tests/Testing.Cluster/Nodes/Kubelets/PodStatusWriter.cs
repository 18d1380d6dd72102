using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>Writes a pod's status when it has become another.</summary>
sealed class PodStatusWriter(KubeletParts parts)
{
    readonly Dictionary<string, (string Status, DateTimeOffset Since)> conditions = [];
    readonly DateTimeOffset since = parts.Now;
    string? written;

    /// <summary>Others may have written it meanwhile.</summary>
    public void Forget() => written = null;

    public async Task WriteAsync(Seen pod, string? ip, ContainerFacts facts, CancellationToken cancellationToken)
    {
        var status = Build(pod, ip, facts);
        var text = status.ToJsonString();
        if (text == written)
            return;
        await parts.Clients.ApplyStatusAsync(Part.Kubelet, ResourceType.Of<V1Pod>(), pod, status, cancellationToken);
        written = text;
    }

    JsonObject Build(Seen pod, string? ip, ContainerFacts facts)
    {
        var container = pod.Spec!["containers"]![0]!;
        var name = (string)container["name"]!;
        var status = new JsonObject
        {
            ["phase"] = facts.RunningSince is null && facts is { Restarts: 0, Ended: null, LastEnded: null } ? "Pending" : "Running",
            ["qosClass"] = "Burstable",
            ["startTime"] = Texts.Time(since),
            ["conditions"] = Conditions(name, ip is not null, facts.IsReady),
            ["containerStatuses"] = new JsonArray(Container(name, (string)container["image"]!, facts)),
        };
        if (ip is not null)
            (status["podIP"], status["podIPs"]) = (ip, new JsonArray(new JsonObject { ["ip"] = ip }));
        return status;
    }

    static JsonObject Container(string name, string image, ContainerFacts facts)
    {
        var status = new JsonObject
        {
            ["name"] = name,
            ["image"] = image,
            ["imageID"] = "",
            ["ready"] = facts.IsReady,
            ["started"] = facts.IsStarted,
            ["restartCount"] = facts.Restarts,
            ["state"] = facts.State(),
        };
        if (facts.LastEnded is { } ended)
            status["lastState"] = new JsonObject { ["terminated"] = ended.ToJson() };
        return status;
    }

    JsonArray Conditions(string container, bool hasSandbox, bool isReady)
    {
        var unready = ("ContainersNotReady", $"containers with unready status: [{container}]");
        return
        [
            Condition("PodReadyToStartContainers", hasSandbox),
            Condition("Initialized", true),
            Condition("Ready", isReady, unready),
            Condition("ContainersReady", isReady, unready),
            Condition("PodScheduled", true),
        ];
    }

    JsonObject Condition(string type, bool holds, (string Reason, string Message)? otherwise = null)
    {
        var status = holds ? "True" : "False";
        if (!conditions.TryGetValue(type, out var known) || known.Status != status)
            conditions[type] = known = (status, parts.Now);
        var condition = new JsonObject { ["type"] = type, ["status"] = status, ["lastTransitionTime"] = Texts.Time(known.Since) };
        if (!holds && otherwise is { } why)
            (condition["reason"], condition["message"]) = (why.Reason, why.Message);
        return condition;
    }
}

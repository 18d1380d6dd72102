using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes;

/// <summary>Who tells an Event, and about which kind.</summary>
/// <param name="Host">The node, of a kubelet.</param>
/// <param name="Container">Which container of a pod it is about, if about one.</param>
/// <param name="Action">Of the new kind of Events, which the scheduler writes.</param>
sealed record Source(Part Part, string Component, ResourceType Regards, string Host = "", string? Container = null, string? Action = null)
{
    public static Source DaemonSets { get; } = new(Part.ControllerManager, "daemonset-controller", ResourceType.Of<V1DaemonSet>());

    public static Source StatefulSets { get; } = new(Part.ControllerManager, "statefulset-controller", ResourceType.Of<V1StatefulSet>());

    public static Source NodeLifecycle { get; } = new(Part.ControllerManager, "node-controller", ResourceType.Of<V1Pod>());

    public static Source Scheduling { get; } = new(Part.Scheduler, "default-scheduler", ResourceType.Of<V1Pod>(), Action: "Scheduling");

    public static Source Binding { get; } = Scheduling with { Action = "Binding" };

    public bool IsNewKind => Action is not null;

    public string Instance => Host.Length > 0 ? Host : $"{Component}-1";

    public static Source Kubelet(string node, string? container = null) =>
        new(Part.Kubelet, "kubelet", ResourceType.Of<V1Pod>(), node, container);
}

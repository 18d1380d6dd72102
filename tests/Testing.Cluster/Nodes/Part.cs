namespace ClusterTrail.Testing.Nodes;

/// <summary>Who writes: each part of Kubernetes owns the fields that it sets.</summary>
enum Part
{
    ControllerManager,
    Scheduler,
    Kubelet,
    Administrator,
}

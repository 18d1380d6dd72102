namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>What the path of a control group says of the container in it.</summary>
/// <param name="Id">The container runtime's id: 64 hexadecimal digits.</param>
/// <param name="PodUid">The pod's uid as Kubernetes writes it; null outside any pod.</param>
readonly record struct CgroupContainer(string Id, string? PodUid);

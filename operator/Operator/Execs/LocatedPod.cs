using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Operator.Execs;

/// <summary>What is known of a pod in which something was executed.</summary>
/// <param name="Node">Null while it has none.</param>
/// <param name="CreatedAt">By the API server's clock, in whole seconds.</param>
/// <param name="OnlyContainer">The name of its container, if it has one only: what a request means that names none.</param>
/// <param name="Commands">What the kubelet executes in it; null when that is too much to be handed over.</param>
sealed record LocatedPod(string Uid, string? Node, DateTimeOffset? CreatedAt, string? OnlyContainer, PodCommands? Commands);

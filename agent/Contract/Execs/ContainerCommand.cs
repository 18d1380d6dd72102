namespace ClusterTrail.Contract.Execs;

/// <summary>A command that a pod's specification names.</summary>
public sealed record ContainerCommand
{
    public required string Container { get; init; }

    /// <summary>An argument with <c>$(NAME)</c> in it stands for any: the kubelet puts the variable's value there.</summary>
    public required IReadOnlyList<string> Command { get; init; }
}

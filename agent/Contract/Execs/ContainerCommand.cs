namespace ClusterTrail.Contract.Execs;

/// <summary>A command that a pod's specification names.</summary>
public sealed record ContainerCommand
{
    public required string Container { get; init; }

    /// <summary>As the specification has it: the kubelet puts a variable's value in the place of <c>$(NAME)</c>.</summary>
    public required IReadOnlyList<string> Command { get; init; }
}

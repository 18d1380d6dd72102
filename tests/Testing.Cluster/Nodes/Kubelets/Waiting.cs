namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>Why a container does not run yet, or not again.</summary>
sealed record Waiting(string Reason, string? Message = null)
{
    public static Waiting Creating { get; } = new("ContainerCreating");
}

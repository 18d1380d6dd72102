namespace ClusterTrail.Testing.Nodes;

/// <summary>How a container ended.</summary>
/// <param name="Reason"><c>Completed</c>, <c>Error</c> or <c>OOMKilled</c>.</param>
public sealed record PodExit(int Code, string Reason)
{
    public static PodExit Killed { get; } = new(137, "Error");

    public static PodExit OutOfMemory { get; } = new(137, "OOMKilled");

    public static PodExit Of(int code) => new(code, code == 0 ? "Completed" : "Error");
}

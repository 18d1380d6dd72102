namespace ClusterTrail.Testing.Nodes;

/// <summary>An agent's process, as a test may look at it.</summary>
public interface IAgentProcess
{
    /// <summary>The pod that runs it.</summary>
    string Pod { get; }

    /// <summary>Whether it was asked to end.</summary>
    bool IsEnding { get; }

    /// <summary>A file of its configuration folder, as it is mounted now.</summary>
    string? File(string name);
}

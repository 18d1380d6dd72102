namespace ClusterTrail.Operator.Completeness;

/// <summary>What an API server has counted, or why that is not known.</summary>
sealed record CountsAnswer(ServerCounters? Counters, string? Problem);

/// <summary>What one API server had counted a while before, and has now.</summary>
/// <param name="Before">Null: it was not asked then.</param>
sealed record ServerCounts(ApiServer Server, CountsAnswer? Before, CountsAnswer After)
{
    /// <summary>Why nothing can be compared with them; null if something can.</summary>
    public string? Problem => After.Problem is { } problem ? $"the API server at {Server.Address}: {problem.TrimEnd('.')}."
        : Before is null ? $"the API server at {Server.Address} was found a moment ago."
        : Before.Problem is { } former
            ? $"the API server at {Server.Address} answers again; when it was asked before: {former.TrimEnd('.')}."
        : Then.StartedAt != Now.StartedAt ? $"the API server at {Server.Address} has just restarted, or several answer there."
        : null;

    public ServerCounters Then => Before!.Counters!;

    public ServerCounters Now => After.Counters!;
}

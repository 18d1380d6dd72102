using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Says which agent reads the events of which API server. Pure.</summary>
/// <remarks>
/// That is decided by where they are and never by who answers: otherwise an agent that is away would make the others' sums too small, which
/// looks like a loss.
/// </remarks>
/// <param name="nodeOf">The node that has an address; null of none.</param>
/// <param name="nodes">The nodes that should have an agent.</param>
sealed class CountPairs(Func<string, string?> nodeOf, IReadOnlyCollection<string> nodes, ComparedSource source)
{
    // Sums of what others say must not overflow.
    const long MostLines = 1L << 53;

    /// <param name="made">What each API server has counted.</param>
    /// <param name="agents">What agents said in between, by their node; null of one that does not answer.</param>
    /// <returns>A round for each pair of which both are known, and why there is none of others.</returns>
    public (IReadOnlyList<(string Name, CountRound Round)> Rounds, IReadOnlyList<(string Name, string Why)> Problems) Compare(
        IReadOnlyList<ServerCounts> made, IReadOnlyDictionary<string, AgentStatus?> agents, DateTimeOffset now)
    {
        if (made.Count == 0)
            return ([], [(CompletenessView.All, "the Service kubernetes has no endpoints.")]);
        var beside = made.Select(one => source.IsBeside ? nodeOf(one.Server.Host) : null).ToList();
        if (beside.Contains(null) || beside.Distinct().Count() < beside.Count)
            return CompareSums(made, agents, now);
        var (rounds, problems) = (new List<(string, CountRound)>(), new List<(string, string)>());
        foreach (var (node, one) in beside.Zip(made))
        {
            if ((one.Problem ?? ProblemOf(node!, agents)) is { } why)
                problems.Add((node!, why));
            else
                rounds.Add((node!, Round([one], [agents[node!]!], now)));
        }

        return (rounds, problems);
    }

    (IReadOnlyList<(string Name, CountRound Round)> Rounds, IReadOnlyList<(string Name, string Why)> Problems) CompareSums(
        IReadOnlyList<ServerCounts> made, IReadOnlyDictionary<string, AgentStatus?> agents, DateTimeOffset now)
    {
        var asked = source.IsBeside ? agents.Keys.Union(nodes) : agents.Keys;
        var problem = agents.Count == 0 ? "there is no agent."
            : made.Select(one => one.Problem).Concat(asked.Order(StringComparer.Ordinal).Select(node => ProblemOf(node, agents)))
                .FirstOrDefault(one => one is not null)
            ?? (source.IsBeside && agents.Count < made.Count ? $"there are {made.Count} API servers and {agents.Count} agents." : null);
        return problem is not null ? ([], [(CompletenessView.All, problem)])
            : ([(CompletenessView.All, Round(made, [.. agents.Values.OfType<AgentStatus>()], now))], []);
    }

    string? ProblemOf(string node, IReadOnlyDictionary<string, AgentStatus?> agents) =>
        !agents.TryGetValue(node, out var agent) ? $"there is no agent on {node}."
            : agent is null ? $"the agent on {node} does not answer."
            : SourceOf(agent) is not { } read ? $"the agent on {node} reads no audit events, or more than one source of them."
            : ProblemOf(node, read);

    string? ProblemOf(string node, SourceStatus read) => read switch
    {
        // An agent counts from its first look at its source on.
        { State: SourceState.Starting } => $"the agent on {node} has just started.",
        // It will read what waits for it: that is late, and not missing. One that waits for a file that is not there is compared.
        { State: SourceState.Blocked or SourceState.Failed or SourceState.Stopped } =>
            $"the agent on {node} does not read ({read.State}{(read.Message is { } why ? $": {why.TrimEnd('.')}" : "")}).",
        { Counted: null } => $"the agent on {node} does not count what it reads: it is of an older version.",
        _ when IsBehind(read) => $"the agent on {node} is behind.",
        _ => null,
    };

    // The age of the last event says how far it is behind; one that has read none since it started does not know.
    bool IsBehind(SourceStatus read) => read.Counted!.AgeSeconds > source.MostAge.TotalSeconds
        || (read.LagBytes > 0 && (read.LastEventAt is null || read.LagSeconds > source.MostLag.TotalSeconds));

    static SourceStatus? SourceOf(AgentStatus agent) => agent.Sources is [{ } only] ? only : null;

    CountRound Round(IReadOnlyList<ServerCounts> made, IReadOnlyList<AgentStatus> agents, DateTimeOffset now) => new(
        Key(made.Select(one => $"{one.Server.Address} {one.Now.StartedAt:R}")),
        Key(agents.Select(agent => $"{agent.Agent.NodeName} {SourceOf(agent)!.Counted!.Since:O}")),
        made.Sum(one => one.Then.Events),
        agents.Sum(agent => Math.Clamp(SourceOf(agent)!.Counted!.Lines, 0, MostLines)),
        made.Sum(one => one.Now.Events),
        Causes(made, agents), now);

    // Errors of a webhook explain nothing of a log, and an API server may have both.
    LossCauses Causes(IReadOnlyList<ServerCounts> made, IReadOnlyList<AgentStatus> agents) => new(
        source.IsSent ? 0 : made.Sum(one => one.Now.NotLogged),
        source.IsSent ? made.Sum(one => one.Now.NotSent) : 0,
        agents.Sum(agent => Math.Clamp(SourceOf(agent)!.Gaps, 0, MostLines)));

    // Of many it would be long.
    static string Key(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.Order(StringComparer.Ordinal)))))[..16];
}

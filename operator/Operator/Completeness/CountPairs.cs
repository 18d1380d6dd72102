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
/// <param name="isBeside">Whether there is an agent on each API server's node, and not one for all.</param>
/// <param name="mostLag">How old the newest event may be that an agent has read, when it has more to read.</param>
sealed class CountPairs(Func<string, string?> nodeOf, bool isBeside, TimeSpan mostLag)
{
    // An agent looks at itself once a second.
    const double FreshSeconds = 5;

    /// <param name="made">What each API server has counted.</param>
    /// <param name="agents">What agents said in between, by their node; null of one that does not answer.</param>
    /// <returns>A round for each pair of which both are known, and why there is none of others.</returns>
    public (IReadOnlyList<(string Name, CountRound Round)> Rounds, string? Problem) Compare(
        IReadOnlyList<ServerCounts> made, IReadOnlyDictionary<string, AgentStatus?> agents, DateTimeOffset now)
    {
        if (made.Count == 0)
            return ([], "the Service kubernetes has no endpoints.");
        var nodes = made.Select(one => isBeside ? nodeOf(one.Server.Host) : null).ToList();
        if (nodes.Contains(null) || nodes.Distinct().Count() < nodes.Count)
            return CompareSums(made, agents, now);
        var rounds = new List<(string, CountRound)>();
        string? problem = null;
        foreach (var (node, one) in nodes.Zip(made))
        {
            if ((one.Problem ?? ProblemOf(node!, agents.GetValueOrDefault(node!))) is { } why)
                problem ??= why;
            else
                rounds.Add((node!, Round([one], [agents[node!]!], now)));
        }

        return (rounds, problem);
    }

    (IReadOnlyList<(string Name, CountRound Round)> Rounds, string? Problem) CompareSums(
        IReadOnlyList<ServerCounts> made, IReadOnlyDictionary<string, AgentStatus?> agents, DateTimeOffset now)
    {
        var problem = agents.Count == 0 ? "there is no agent."
            : made.Select(one => one.Problem).Concat(agents.Select(agent => ProblemOf(agent.Key, agent.Value)))
                .FirstOrDefault(one => one is not null);
        return problem is not null ? ([], problem)
            : ([(CompletenessView.All, Round(made, [.. agents.Values.OfType<AgentStatus>()], now))], null);
    }

    string? ProblemOf(string node, AgentStatus? agent) => agent is null ? $"the agent on {node} does not answer."
        : SourceOf(agent) is not { Counted: { } counted } source ? $"the agent on {node} does not count yet."
        : counted.AgeSeconds > FreshSeconds || (source.LagBytes > 0 && source.LagSeconds > mostLag.TotalSeconds)
        ? $"the agent on {node} is behind."
        : null;

    static SourceStatus? SourceOf(AgentStatus agent) => agent.Sources is [{ } only] ? only : null;

    static CountRound Round(IReadOnlyList<ServerCounts> made, IReadOnlyList<AgentStatus> agents, DateTimeOffset now) => new(
        Key(made.Select(one => $"{one.Server.Address} {one.Now.StartedAt:R}")),
        Key(agents.Select(agent => $"{agent.Agent.NodeName} {SourceOf(agent)!.Counted!.Since:O}")),
        made.Sum(one => one.Then.Events), agents.Sum(agent => SourceOf(agent)!.Counted!.Lines), made.Sum(one => one.Now.Events),
        new(made.Sum(one => one.Now.NotLogged), made.Sum(one => one.Now.NotSent), agents.Sum(agent => SourceOf(agent)!.Gaps)), now);

    // Of many it would be long.
    static string Key(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.Order(StringComparer.Ordinal)))))[..16];
}

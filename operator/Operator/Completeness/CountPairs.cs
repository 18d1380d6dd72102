using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Says which agent reads the events of which API server. Pure.</summary>
static class CountPairs
{
    // What an agent shows of itself it looks at once a second.
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <param name="made">What each API server has counted: a while before, and now.</param>
    /// <param name="agents">What agents said in between, by their node.</param>
    /// <param name="nodeOf">The node that has an address; null of none.</param>
    /// <returns>A round for each pair, or why there can be none now.</returns>
    public static (IReadOnlyList<(string Name, CountRound Round)> Rounds, string? Problem) Of(
        IReadOnlyList<(ApiServer Server, ServerCounters Before, ServerCounters After)> made,
        IReadOnlyDictionary<string, AgentStatus> agents, Func<string, string?> nodeOf, DateTimeOffset now)
    {
        if (made.Count == 0 || agents.Count == 0)
            return ([], made.Count == 0 ? "the Service kubernetes has no endpoints." : "no agent answers.");
        if (made.Where(one => one.Before.StartedAt != one.After.StartedAt).Select(one => one.Server.Host).FirstOrDefault() is { } restarted)
            return ([], $"the API server at {restarted} has just restarted, or several answer there.");
        var late = agents.FirstOrDefault(agent => Source(agent.Value) is not { LagBytes: 0, Counted: { } counted } || now - counted.LastAt > Fresh);
        if (late.Value is not null)
            return ([], $"the agent on {late.Key} {(Source(late.Value)?.Counted is null ? "does not count yet." : "has more to read.")}");
        var nodes = made.Select(one => nodeOf(one.Server.Host)).ToList();
        var isPaired = nodes.All(node => node is not null && agents.ContainsKey(node)) && nodes.Distinct().Count() == agents.Count
            && nodes.Distinct().Count() == nodes.Count;
        return isPaired
            ? ([.. made.Select((one, at) => (nodes[at]!, Round([one], [agents[nodes[at]!]], now)))], null)
            : ([(CompletenessView.All, Round(made, [.. agents.Values], now))], null);
    }

    static SourceStatus? Source(AgentStatus agent) => agent.Sources is [{ } only] ? only : null;

    static CountRound Round(
        IReadOnlyList<(ApiServer Server, ServerCounters Before, ServerCounters After)> made, IReadOnlyList<AgentStatus> agents, DateTimeOffset now) => new(
            Key(made.Select(one => $"{one.Server.Address} {one.After.StartedAt:R}")),
            Key(agents.Select(agent => $"{agent.Agent.NodeName} {Source(agent)!.Counted!.Since:O}")),
            made.Sum(one => one.Before.Events), agents.Sum(agent => Source(agent)!.Counted!.Lines), made.Sum(one => one.After.Events),
            new(made.Sum(one => one.After.NotLogged), made.Sum(one => one.After.NotSent), agents.Sum(agent => Source(agent)!.Gaps)), now);

    // Of many it would be long.
    static string Key(IEnumerable<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts.Order(StringComparer.Ordinal)))))[..16];
}

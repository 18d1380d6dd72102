using ClusterTrail.Contract.Execs;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Execs;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Tests.Execs;

/// <summary>Agents that say what a test wants, and remember what they are told.</summary>
sealed class ScriptedAgents : IExecAgents
{
    readonly Dictionary<ObjectKey, Scripted> all = [];

    public string? Problem { get; set; }

    public Scripted Add(string name, string node, bool isBesideApiServer = false, bool recordsProcesses = false) =>
        all[new("agents", name)] = new(
            new(
                new("agents", name), "main", node, isBesideApiServer ? AgentRole.ApiServer : AgentRole.Workloads, $"http://{name}", [1]),
            isBesideApiServer, recordsProcesses);

    public IReadOnlyList<ExecAgent> Running() => [.. all.Values.Where(one => one.Runs).Select(one => one.Agent)];

    public string? ProblemOf(string trail) => Problem;

    public Task<ExecReport?> AskAsync(ExecAgent agent, long after, CancellationToken cancellationToken)
    {
        var one = Reach(agent);
        one.Asked++;
        return Task.FromResult(!one.Reports ? null : new ExecReport
        {
            Trail = agent.Trail,
            Node = agent.Node,
            Instance = one.Instance,
            Last = one.Execs.Count,
            Through = one.Through,
            Execs = [.. one.Execs.Where(exec => exec.Number > after).Take(one.AtOnce)],
        });
    }

    public Task<HandoverAnswer?> HandAsync(ExecAgent agent, ExecHandover handover, CancellationToken cancellationToken)
    {
        var one = Reach(agent);
        one.HandOvers++;
        if (!one.RecordsProcesses)
            return Task.FromResult<HandoverAnswer?>(null);
        one.Handed.Add(handover);
        return Task.FromResult<HandoverAnswer?>(new()
        {
            Trail = agent.Trail,
            Node = agent.Node,
            Instance = one.Instance,
            Sequence = handover.Sequence,
            IsWaiting = one.IsWaiting,
            Pods = one.Wants,
        });
    }

    Scripted Reach(ExecAgent agent)
    {
        var one = all[agent.Pod];
        if (one.IsReachable)
            return one;
        one.Refusals++;
        throw new HttpRequestException("it cannot be reached.");
    }
}

sealed class Scripted(ExecAgent agent, bool isBesideApiServer, bool recordsProcesses)
{
    public ExecAgent Agent => agent;

    public bool Reports { get; set; } = isBesideApiServer;

    public bool RecordsProcesses => recordsProcesses;

    public bool Runs { get; set; } = true;

    public bool IsReachable { get; set; } = true;

    public bool IsWaiting { get; set; }

    public string Instance { get; set; } = "first";

    public DateTimeOffset? Through { get; set; }

    public int AtOnce { get; set; } = int.MaxValue;

    public int Asked { get; set; }

    public int HandOvers { get; set; }

    public int Refusals { get; set; }

    public List<ExecEvent> Execs { get; } = [];

    public List<ExecHandover> Handed { get; } = [];

    public List<NamedPod> Wants { get; } = [];

    public IEnumerable<string> Users => Handed.SelectMany(one => one.Execs).Select(exec => exec.UserIdentity.UserName);

    public void Saw(string user, string pod, DateTimeOffset at, string container = "app") => Execs.Add(new()
    {
        Number = Execs.Count + 1,
        EventID = $"{agent.Node}-{user}",
        AuditID = user,
        UserIdentity = new() { Type = "User", UserName = user },
        Namespace = "shop",
        Pod = pod,
        Container = container,
        Command = ["sh"],
        Time = at,
    });
}

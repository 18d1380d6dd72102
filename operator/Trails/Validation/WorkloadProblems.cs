using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using static ClusterTrail.Trails.Validation.TrailProblems;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with what a Trail, or a TrailSelector, says of workloads, in the field names of the resource.</summary>
static class WorkloadProblems
{
    const string Field = "spec.workloads";
    const int MostProcesses = 100_000;

    public static IEnumerable<string> Of(TrailSpec trail) =>
    [
        .. trail.Workloads.SelectMany((workload, at) => Of(workload, $"{Field}[{at}]")),
        .. Rules(new() { Workloads = [.. trail.Workloads.Select(Plain)], Trail = "" }),
        .. IsPath(trail.WorkloadAgent.StateDirectory)
            ? []
            : new[]
            {
                Wrong("spec.workloadAgent.stateDirectory", trail.WorkloadAgent.StateDirectory, Folder("/var/lib/clustertrail-workloads")),
            },
        .. trail.WorkloadAgent.StateDirectory == trail.Agent.StateDirectory
            ? new[]
            {
                Wrong("spec.workloadAgent.stateDirectory", trail.WorkloadAgent.StateDirectory,
                    "another folder than spec.agent.stateDirectory, because a node may have an agent of each kind"),
            }
            : [],
        .. trail.WorkloadAgent.DockerContainers is not { } docker || (IsPath(docker) && !IsTaken(docker)) ? [] : new[]
        {
            Wrong(
                "spec.workloadAgent.dockerContainers", docker,
                "the folder of Docker's containers on the nodes, such as /var/lib/docker/containers, which is none of the agent's own"),
        },
        .. trail.WorkloadAgent.ProcessesPerSecond is < 1 or > MostProcesses
            ? new[]
            {
                $"spec.workloadAgent.processesPerSecond is {trail.WorkloadAgent.ProcessesPerSecond}; "
                    + $"allowed: a whole number from 1 to {MostProcesses}.",
            }
            : [],
    ];

    static bool IsTaken(string folder) =>
        AgentPaths.Mounts.Append(AgentPaths.PodLogs).Append(AgentPaths.ContainerLogs)
            .Any(own => AgentPaths.IsIn(own, folder) || AgentPaths.IsIn(folder, own))
        || AgentPaths.Image.Any(part => AgentPaths.IsIn(folder, part));

    public static IEnumerable<string> Of(TrailSelectorSpec selector) =>
    [
        .. selector.Rules.Count == 0 && selector.Workloads.Count == 0
            ? new[] { "spec.rules and spec.workloads are both empty; allowed: a rule, an entry of workloads, or both." }
            : [],
        .. selector.Workloads.SelectMany((workload, at) => Of(workload, $"{Field}[{at}]")),
        .. Rules(selector),
    ];

    static IEnumerable<string> Of(TrailWorkload workload, string field)
    {
        if (workload.Namespaces.Count == 0 == workload.NamespaceSelector is null)
            yield return $"{field} has {(workload.NamespaceSelector is null ? "neither" : "both")} namespaces "
                + $"{(workload.NamespaceSelector is null ? "nor" : "and")} namespaceSelector; allowed: one of the two.";
        foreach (var problem in Of(Plain(workload), field))
            yield return problem;
    }

    static IEnumerable<string> Of(SelectorWorkload workload, string field)
    {
        if (workload.Output is null && !workload.Processes)
            yield return $"{field} asks for nothing; allowed: output, or processes: true.";
    }

    // What an agent would reject. What asks for processes only is held against the same rules.
    static IEnumerable<string> Rules(TrailSelectorSpec selector)
    {
        var asked = WorkloadsAsked.Of(new TrailSelector
        {
            Metadata = new() { NamespaceProperty = "any", Name = "any" },
            Spec = selector with { Workloads = [.. selector.Workloads.Select(one => one with { Output = one.Output ?? new() })] },
        });
        return
            from problem in Contracts.ProblemsOf(new ContainerRulesFile { Rules = asked.Output })
            select $"{InWorkload(problem.Field)} {problem.Text}";
    }

    // "rules[2].pods[0]" of the agent's file is "spec.workloads[2].pods.names[0]".
    static string InWorkload(string field)
    {
        var end = field.IndexOf(']', StringComparison.Ordinal);
        var at = field["rules[".Length..end];
        var rest = field[(end + 1)..];
        var renamed = rest.StartsWith(".pods", StringComparison.Ordinal) ? $".pods.names{rest[".pods".Length..]}"
            : rest.StartsWith(".podLabels", StringComparison.Ordinal) ? $".pods{rest[".podLabels".Length..]}"
            : rest.StartsWith(".fields", StringComparison.Ordinal) || rest.StartsWith(".only", StringComparison.Ordinal) ? $".output{rest}"
            : rest;
        return $"{Field}[{at}]{renamed}";
    }

    static SelectorWorkload Plain(TrailWorkload workload) => new()
    {
        Pods = workload.Pods,
        Containers = workload.Containers,
        Output = workload.Output,
        Processes = workload.Processes,
    };
}

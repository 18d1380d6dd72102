using System.Text.Json.Nodes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using static ClusterTrail.Trails.Validation.TrailProblems;

namespace ClusterTrail.Trails.Validation;

/// <summary>What is wrong with what a Trail says of its agents' pods.</summary>
static class PodProblems
{
    public static IEnumerable<string> Of(AgentSpec agent) =>
    [
        .. IsPath(agent.StateDirectory)
            ? []
            : new[] { Wrong("spec.agent.stateDirectory", agent.StateDirectory, Folder("/var/lib/clustertrail")) },
        .. Taken("spec.agent.extraEnv", "name", agent.ExtraEnv, AgentContainer.OwnVariables),
        .. Taken("spec.agent.extraVolumes", "name", agent.ExtraVolumes, AgentVolumes.Names),
        .. Taken("spec.agent.extraVolumeMounts", "mountPath", agent.ExtraVolumeMounts, AgentPaths.Mounts),
    ];

    // The API server rejects a list that has a name twice.
    static IEnumerable<string> Taken(string field, string key, JsonArray? items, IReadOnlyList<string> own)
    {
        var seen = new HashSet<string>();
        foreach (var (item, at) in (items ?? []).Select((item, at) => (item, at)))
        {
            if ((string?)item?[key] is not { } name)
                continue;
            if (own.Contains(name.TrimEnd('/')))
                yield return Wrong($"{field}[{at}].{key}", name, $"another {key}, because the agent has this one");
            else if (!seen.Add(name))
                yield return Wrong($"{field}[{at}].{key}", name, $"a {key} that no other has");
        }
    }
}

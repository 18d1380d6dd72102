using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Trails;

/// <summary>The agents' three files.</summary>
static class AgentConfigMap
{
    /// <summary>What the API server takes of values in one ConfigMap.</summary>
    public const int MaxBytes = 1 << 20;

    public static JsonResource Build(Trail trail, AgentInputs inputs) => AgentObject.Of(ResourceType.Of<V1ConfigMap>(), new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Shared),
        ["data"] = Files(trail, inputs.Attached, inputs.RuleFiles).ToJson(),
    });

    /// <summary>The bytes of the files when nothing is attached.</summary>
    public static int SizeOf(Trail trail, IReadOnlyList<TrailRuleFile> ruleFiles) => Files(trail, [], ruleFiles).Values.Sum(Encoding.UTF8.GetByteCount);

    public static int Fitting(Trail trail, IReadOnlyList<RuleSet> attached, IReadOnlyList<TrailRuleFile> ruleFiles)
    {
        var bytes = SizeOf(trail, ruleFiles);
        return attached.TakeWhile(set => (bytes += ",".Length + Contracts.WriteCompact(set).Length) <= MaxBytes).Count();
    }

    static Dictionary<string, string> Files(Trail trail, IReadOnlyList<RuleSet> attached, IReadOnlyList<TrailRuleFile> ruleFiles) => new()
    {
        [AgentPaths.AgentFile] = AgentFiles.AgentJson(trail),
        [AgentPaths.SelectorsFile] = AgentFiles.SelectorsJson(trail, attached),
        [AgentPaths.DetectionsFile] = AgentFiles.DetectionsJson(trail, ruleFiles),
    };
}

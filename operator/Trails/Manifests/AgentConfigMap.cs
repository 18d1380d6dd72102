using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Trails;

/// <summary>The agents' two files.</summary>
static class AgentConfigMap
{
    /// <summary>What the API server takes of values in one ConfigMap.</summary>
    public const int MaxBytes = 1 << 20;

    public static JsonResource Build(Trail trail, AgentInputs inputs) => AgentObject.Of(ConfigMap.Definition, new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Shared),
        ["data"] = Files(trail, inputs.Attached).ToJson(),
    });

    /// <summary>The bytes of both files when nothing is attached.</summary>
    public static int SizeOf(Trail trail) => Files(trail, []).Values.Sum(Encoding.UTF8.GetByteCount);

    public static int Fitting(Trail trail, IReadOnlyList<RuleSet> attached)
    {
        var bytes = SizeOf(trail);
        return attached.TakeWhile(set => (bytes += ",".Length + Contracts.WriteCompact(set).Length) <= MaxBytes).Count();
    }

    static Dictionary<string, string> Files(Trail trail, IReadOnlyList<RuleSet> attached) => new()
    {
        [AgentPaths.AgentFile] = AgentFiles.AgentJson(trail),
        [AgentPaths.SelectorsFile] = AgentFiles.SelectorsJson(trail, attached),
    };
}

using ClusterTrail.Operator.Model;
using k8s;
using k8s.Models;

namespace ClusterTrail.Operator.Cache;

/// <summary>A pod, of which its node and some labels matter. There may be hundreds of thousands, so that no more is in memory.</summary>
sealed class PodOnNode : IKubernetesObject<V1ObjectMeta>
{
    static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    // The kubelet has a static pod under an id of its own, which its copy in the API names. Whoever may create pods may write anything
    // there, but no id of another pod that is not static: those have dashes.
    const string Mirror = "kubernetes.io/config.mirror";

    string name = "";
    string? within;

    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    /// <summary>Made anew each time.</summary>
    public V1ObjectMeta Metadata
    {
        get => new() { Name = name, NamespaceProperty = within, Uid = Uid };
        set
        {
            (name, within) = (value.Name, SharedText.OfAny(value.NamespaceProperty));
            Uid = value.Annotations?.TryGetValue(Mirror, out var own) == true && !own.Contains('-', StringComparison.Ordinal)
                ? own
                : value.Uid;
            Labels = value.Labels?.AsReadOnly() ?? None;
            Controller = OwnerCatalog.ControllerOf(value);
        }
    }

    /// <summary>What controls it; null if nothing does.</summary>
    public PodController? Controller { get; private set; }

    public PodPlace? Spec { get; set; }

    public string Namespace => within ?? "";

    public string? Uid { get; private set; }

    public string? Node => Spec?.NodeName;

    public IReadOnlyDictionary<string, string> Labels { get; private set; } = None;

    /// <summary>As it is kept.</summary>
    /// <param name="known">What is kept already under the same name: what is the same is not kept twice.</param>
    public PodOnNode With(IReadOnlyDictionary<string, string> labels, PodPlace place, PodOnNode? known) => new()
    {
        name = known?.name == name ? known.name : name,
        within = within,
        Uid = known?.Uid == Uid ? known?.Uid : Uid,
        Labels = labels,
        Controller = Controller,
        Spec = place,
    };
}

sealed record PodPlace
{
    public string? NodeName { get; init; }
}

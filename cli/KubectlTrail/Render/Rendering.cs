using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Kubectl.Render;

/// <summary>From Trails and TrailSelectors to objects, as the operator does it.</summary>
static class Rendering
{
    /// <summary>The objects of all Trails. What is wrong is reported, and then they are not all.</summary>
    internal static IReadOnlyList<JsonResource> Render(TrailInput input, AgentInputs inputs, ProblemLog problems)
    {
        var ruleFiles = Attaching.Check(input, inputs.Namespace, problems);
        return problems.ExitCode != ExitCode.Ok ? [] :
        [
            .. from attached in Attaching.Attach(input, ruleFiles, problems)
               let files = AgentFiles.Of(attached.Trail, ruleFiles.Of(attached.Trail)).With(attached.Sets)
               from one in AgentManifests.Build(
                   attached.Trail, files, inputs with { ReferencesHash = ReferencesHash(attached.Trail, input, inputs.Namespace) },
                   Workloads(attached, files, input))
               select one,
        ];
    }

    static WorkloadFiles? Workloads(AttachedSelectors attached, AgentFiles files, TrailInput input) => WorkloadFiles.Of(
        attached.Trail, files,
        WorkloadsAsked.Of(attached.Trail.Spec, [.. input.Namespaces.Select(one => new NamespaceLabels(one.Key, one.Value))]),
        attached.Workloads);

    // Without one of the texts it would be another hash than the operator's.
    static string? ReferencesHash(Trail trail, TrailInput input, string @namespace)
    {
        var texts = StartText.Of(trail)
            .Where(text => text.IsReadOnce)
            .Select(text => input.TextOf(text.ConfigMapName, text.Key, @namespace)).ToList();
        return texts.Contains(null) ? null : StartText.Hash([.. texts.OfType<string>()]);
    }
}

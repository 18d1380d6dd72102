using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Kubectl.Render;

/// <summary>What files do not say and a cluster does, so that what is rendered is what the operator there would make.</summary>
sealed class ClusterInput(ClusterReader cluster, string @namespace, ProblemLog problems)
{
    const string PodMonitors = "podmonitors.monitoring.coreos.com";

    /// <summary>The input, and around it what is in the cluster. Without a Trail in it, all Trails of the cluster.</summary>
    /// <exception cref="TrailException">The cluster cannot be read.</exception>
    internal async Task<TrailInput> CompleteAsync(TrailInput given, CancellationToken cancellationToken)
    {
        var live = await cluster.ListAsync<Trail>(null, problems, cancellationToken);
        var trails = given.Trails.Count == 0 ? live : [.. given.Trails.Select(trail => WithIdentity(trail, live))];
        var selectors = await cluster.ListAsync<TrailSelector>(null, problems, cancellationToken);
        var namespaces = await cluster.ListAsync<V1Namespace>(null, problems, cancellationToken);
        var configMaps = await cluster.ListAsync<V1ConfigMap>(@namespace, problems, cancellationToken);
        return new(
            trails,
            [
                .. given.Selectors.Select(selector => WithIdentity(selector, selectors)),
                .. selectors.Where(selector =>
                    given.Selectors.All(one => one.Key != selector.Key) && trails.Any(trail => trail.Metadata.Name == selector.Spec.Trail)),
            ],
            namespaces.ToDictionary(one => one.Metadata.Name, one => one.LabelMap)
                .Concat(given.Namespaces).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Last().Value),
            [.. given.ConfigMaps, .. configMaps]);
    }

    /// <summary>The operator as it is installed; null if it is not.</summary>
    internal Task<V1Deployment?> OperatorAsync(CancellationToken cancellationToken) =>
        cluster.FindAsync<V1Deployment>(new(@namespace, OperatorDeployment.Name), cancellationToken);

    /// <summary>The agents' image where a Trail names none.</summary>
    internal string ImageOf(V1Deployment? installed, string otherwise)
    {
        if (installed is not null && OperatorDeployment.AgentImage(installed) is { } image)
            return image;
        problems.Report(
            ExitCode.Ok,
            $"{cluster.Name} has no Deployment {@namespace}/{OperatorDeployment.Name} that names the agents' image, so it is {otherwise}; "
            + "name another with --image");
        return otherwise;
    }

    internal async Task<bool> HasPodMonitorsAsync(CancellationToken cancellationToken) =>
        (await cluster.FindAsync<V1CustomResourceDefinition>(new(null, PodMonitors), cancellationToken))?.IsEstablished == true;

    // What the server gave it: by its uid a Trail owns its objects, by their age TrailSelectors are in order.
    static T WithIdentity<T>(T given, IReadOnlyList<T> live) where T : Resource =>
        live.FirstOrDefault(one => one.Key == given.Key)?.Metadata is { } there
            ? given with { Metadata = given.Metadata with { Uid = there.Uid, CreationTimestamp = there.CreationTimestamp } }
            : given;
}

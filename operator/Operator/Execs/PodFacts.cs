using ClusterTrail.Contract.Execs;
using k8s.Models;

namespace ClusterTrail.Operator.Execs;

/// <summary>Takes from a pod what execs need to know of it.</summary>
static class PodFacts
{
    const string Mirror = "kubernetes.io/config.mirror";
    const int MostCommands = 128;
    const int MostCharacters = 32 << 10;

    public static LocatedPod Of(V1Pod pod)
    {
        // The kubelet has a static pod under an id of its own, which its copy in the API names.
        var uid = pod.Metadata.Annotations?.TryGetValue(Mirror, out var own) == true ? own : pod.Metadata.Uid;
        List<ContainerCommand> commands = [.. CommandsOf(pod)];
        var isSmall = commands.Count <= MostCommands && commands.Sum(one => one.Command.Sum(word => word.Length + 1)) <= MostCharacters;
        return new(
            uid, pod.Spec?.NodeName, pod.Metadata.CreationTimestamp, pod.Spec?.Containers is [var only] ? only.Name : null,
            isSmall ? new() { PodUID = uid, Commands = commands } : null);
    }

    static IEnumerable<ContainerCommand> CommandsOf(V1Pod pod)
    {
        foreach (var one in (IEnumerable<V1Container>)[.. pod.Spec?.Containers ?? [], .. pod.Spec?.InitContainers ?? []])
        {
            foreach (var command in (IEnumerable<IList<string>?>)
                [
                    one.LivenessProbe?.Exec?.Command, one.ReadinessProbe?.Exec?.Command, one.StartupProbe?.Exec?.Command,
                    one.Lifecycle?.PostStart?.Exec?.Command, one.Lifecycle?.PreStop?.Exec?.Command,
                ])
            {
                if (command is { Count: > 0 })
                    yield return new() { Container = one.Name, Command = [.. command] };
            }
        }
    }
}

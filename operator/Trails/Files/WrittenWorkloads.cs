using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>What a TrailSelector asks for of the workloads of its namespace, as agents get it.</summary>
/// <param name="Output">Its rules for what containers write, with a comma between them; empty if it has none.</param>
/// <param name="Processes">Its rules for processes, likewise.</param>
/// <param name="IsNarrow">Whether these are about some of its containers only.</param>
/// <param name="LabelKeys">The labels of pods that decide.</param>
public sealed record WrittenWorkloads(
    string Namespace, byte[] Output, byte[] Processes, bool IsNarrow, IReadOnlyList<string> LabelKeys)
{
    public static WrittenWorkloads Of(TrailSelector selector)
    {
        var asked = WorkloadsAsked.Of(selector);
        return new(
            selector.Metadata.NamespaceProperty, Write(asked.Output, Contracts.WriteCompact), Write(asked.ProcessRules, Contracts.WriteCompact),
            asked.ProcessRules.Any(IsNarrowed), asked.LabelKeys);
    }

    internal static byte[] Write<T>(IReadOnlyList<T> rules, Func<T, byte[]> write) =>
        [.. rules.SelectMany((rule, at) => at == 0 ? write(rule) : [(byte)',', .. write(rule)])];

    internal static bool IsNarrowed(PodRule rule) => rule is not { Pods.Count: 0, PodLabels: null, Containers.Count: 0 };
}

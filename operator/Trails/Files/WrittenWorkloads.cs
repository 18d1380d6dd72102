using ClusterTrail.Contract;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>What a TrailSelector asks for of the workloads of its namespace, as agents get it.</summary>
/// <param name="Output">Its rules for what containers write, with a comma between them; empty if it has none.</param>
/// <param name="Processes">Whether processes are recorded.</param>
/// <param name="LabelKeys">The labels of pods that decide.</param>
public sealed record WrittenWorkloads(string Namespace, byte[] Output, bool Processes, IReadOnlyList<string> LabelKeys)
{
    public static WrittenWorkloads Of(TrailSelector selector)
    {
        var asked = WorkloadsAsked.Of(selector);
        return new(selector.Metadata.NamespaceProperty, Write(asked.Output), asked.Processes is { Count: > 0 }, asked.LabelKeys);
    }

    internal static byte[] Write(IReadOnlyList<ContainerRule> rules) =>
        [.. rules.SelectMany((rule, at) => at == 0 ? Contracts.WriteCompact(rule) : [(byte)',', .. Contracts.WriteCompact(rule)])];
}

using ClusterTrail.Contract;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent.Sources;

/// <summary>A rule of a source of containers, made ready.</summary>
sealed class OutputRule(ContainerRule rule) : PodTest(rule)
{
    public bool IsJson { get; } = rule.Format == OutputFormat.Json;

    /// <summary>Conditions on the record's <c>event</c>; all must hold.</summary>
    public IReadOnlyList<Condition> Fields { get; } = [.. rule.Fields.Select(Condition.Of)];

    /// <summary>The names of the members of a JSON object that are kept, as UTF-8; none keeps all.</summary>
    public IReadOnlyList<byte[]> Only { get; } = [.. rule.Only.Select(System.Text.Encoding.UTF8.GetBytes)];

    public bool IsForStream(bool isError) =>
        rule.Streams.Count == 0 || rule.Streams.Contains(isError ? ContainerStream.Stderr : ContainerStream.Stdout);
}

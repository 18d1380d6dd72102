using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>The step from an object to the spec of its pods, wherever its kind has it.</summary>
sealed record PodSpecs : PathStep
{
    public static ReadOnlySpan<byte> Spec => "spec"u8;

    /// <summary>The steps, with <c>podSpec</c> and <c>container</c> at their beginning made ready.</summary>
    public static IEnumerable<PathStep> In(IReadOnlyList<PathStep> steps) => steps[0] switch
    {
        Name { Value: "podSpec" } => [new PodSpecs(), .. steps.Skip(1)],
        Name { Value: "container" } => [new PodSpecs(), new Containers(), .. steps.Skip(1)],
        _ => steps,
    };

    public static bool IsTemplate(ReadOnlySpan<byte> name) => JsonText.Is(name, "template"u8) || JsonText.Is(name, "jobTemplate"u8);
}

/// <summary>The step from a pod's spec to each of its containers.</summary>
sealed record Containers : PathStep
{
    public static bool IsName(ReadOnlySpan<byte> name) =>
        JsonText.Is(name, "containers"u8) || JsonText.Is(name, "initContainers"u8) || JsonText.Is(name, "ephemeralContainers"u8);
}

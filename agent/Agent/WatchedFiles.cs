using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Files;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent;

/// <summary>The files that may change while the agent runs.</summary>
/// <param name="Detections">Null without a detections file.</param>
sealed record WatchedFiles(ConfigurationFile Configuration, ReloadedFile<Selector> Selectors, DetectionEngine? Detections)
{
    /// <summary>What the selectors lack of what arrives.</summary>
    public required PolicyLog Policy { get; init; }

    /// <summary>Follows their changes until it is cancelled.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        Task.WhenAll(Configuration.RunAsync(stopping), Selectors.RunAsync(stopping), Detections?.RunAsync(stopping) ?? Task.CompletedTask);
}

using System.Text.Json;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Labels;

namespace ClusterTrail.Agent;

/// <summary>The labels of pods and namespaces as the operator last sent them, also before this agent started.</summary>
/// <remarks>Guarantee: what is older than what is known, or is meant for another agent, changes nothing.</remarks>
sealed class LabelStore
{
    // Clocks differ. What is from later than this would keep out all that is true until then.
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    readonly string path;
    readonly Origin origin;
    readonly Action ensureHeld;
    readonly TimeProvider time;
    readonly EnrichmentConfiguration asked;
    readonly Lock guard = new();
    volatile KnownLabels current = KnownLabels.None;
    volatile KnownTags tags = KnownTags.None;
    DateTimeOffset at = DateTimeOffset.MinValue;

    /// <param name="path">The file in the state directory.</param>
    /// <param name="asked">Which labels records get; null for none.</param>
    public LabelStore(string path, Origin origin, Action ensureHeld, TimeProvider time, EnrichmentConfiguration? asked)
    {
        (this.path, this.origin, this.ensureHeld, this.time, this.asked) = (path, origin, ensureHeld, time, asked ?? new());
        // A file that is missing or damaged is none: the operator sees so, and sends all again.
        if (File.Exists(path) && Parse(File.ReadAllBytes(path)) is { } saved && Problem(saved) is null)
        {
            Know(saved);
        }
    }

    public KnownLabels Current => current;

    /// <summary>Those that records get.</summary>
    public KnownTags Tags => tags;

    /// <summary>Takes what the operator sent.</summary>
    /// <returns>Why not; null if it is taken.</returns>
    /// <exception cref="IOException">The file cannot be written. What was sent is known nonetheless, until the agent ends.</exception>
    public string? Take(ReadOnlySpan<byte> body)
    {
        lock (guard)
        {
            if (Parse(body) is not { } handover)
            {
                return "not labels of pods and namespaces";
            }

            if (Problem(handover) is { } problem)
            {
                return problem;
            }

            Know(handover);
            ensureHeld();
            using var file = new AtomicFile(path, $"{path}.tmp");
            file.Write(body);
            file.Commit();
            return null;
        }
    }

    string? Problem(LabelsHandover handover) => handover switch
    {
        _ when handover.Trail != origin.Trail || handover.Node != origin.NodeName => "meant for another agent",
        _ when handover.At > time.GetUtcNow() + Ahead => "of a time that is yet to come",
        _ when handover.At <= at => "older than what is known",
        _ => null,
    };

    // The hash last: who sees it finds the rest.
    void Know(LabelsHandover handover)
    {
        tags = KnownTags.Of(handover, asked);
        current = new(handover.Pods.DistinctBy(pod => pod.Uid).ToDictionary(pod => pod.Uid, pod => pod.Labels), handover.Hash);
        at = handover.At;
    }

    static LabelsHandover? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var handover = JsonSerializer.Deserialize(body, LabelsJson.Default.LabelsHandover);
            return handover is not null && IsWhole(handover) ? handover : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A list may hold null, whatever its type says.
    static bool IsWhole(LabelsHandover handover) =>
        handover.Pods.All(pod => pod is not null && IsWhole(pod.Labels))
        && handover.Namespaces?.All(one => one is not null && IsWhole(one.Labels)) != false
        && handover.Owners?.All(IsWhole) != false;

    static bool IsWhole(OwnedPods? owned) =>
        owned is not null && owned.Pods.All(uid => uid is not null) && (owned.Owner is null || IsWhole(owned.Owner.Labels));

    static bool IsWhole(IReadOnlyDictionary<string, string> labels) => labels.Values.All(value => value is not null);
}

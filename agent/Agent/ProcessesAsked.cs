using System.Collections.Frozen;
using System.Text;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Rules.Events;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>Whose processes are recorded, which may change while the agent runs.</summary>
/// <remarks>
/// Two steps: what is of other namespaces is not even written to the journal; of these, rules decide when the record is made, because
/// only then the container and the labels of its pod are known.
/// </remarks>
sealed class ProcessesAsked
{
    const int MostVerdicts = 4096;
    const int LongestId = 128;

    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly Asked always;
    readonly ReloadedFile<Asked>? file;
    readonly Func<KnownLabels> labels;
    readonly TimeProvider time;

    // By the container's id.
    readonly Dictionary<string, bool> verdicts = [];
    IReadOnlyList<PodTest>? judgedBy;
    KnownLabels? judgedWith;
    long lookedAt;

    /// <exception cref="ConfigurationException">The file of namespaces cannot be used.</exception>
    public ProcessesAsked(
        ProcessesConfiguration processes, string configPath, Func<KnownLabels> labels, Action<bool> reloaded, TimeProvider time, ILogger logger)
    {
        (this.labels, this.time, lookedAt) = (labels, time, time.GetTimestamp());
        always = Asked.Of(new ProcessesFile { Namespaces = processes.Namespaces, Rules = processes.Rules });
        file = PathOf(processes, configPath) is not { } path ? null : new(
            path, (from, json) => Asked.Of(Contracts.ParseProcesses(from, json)), reloaded, time, logger);
    }

    Asked Current => file?.Current ?? always;

    /// <summary>The file beside the configuration file; null when there is none.</summary>
    public static string? PathOf(ProcessesConfiguration processes, string configPath) =>
        processes.NamespacesFile is { } name ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configPath))!, name) : null;

    /// <summary>The namespaces that are asked for now; null is all. Looks at the file once a second.</summary>
    public IReadOnlySet<string>? Namespaces()
    {
        if (file is not null && time.GetElapsedTime(lookedAt) >= LookEvery)
        {
            lookedAt = time.GetTimestamp();
            file.Look();
        }

        return Current.Namespaces;
    }

    /// <summary>
    /// Whether a process is recorded that is in the journal. Where its pod, its container or the pod's labels decide and are not known, it is.
    /// For the pipeline's thread.
    /// </summary>
    public bool Includes(in AuditEvent process)
    {
        var rules = Current.Rules;
        if (rules.Count == 0 || process.Namespace.IsEmpty)
        {
            return true;
        }
        var known = labels();
        if (!ReferenceEquals(rules, judgedBy) || !ReferenceEquals(known, judgedWith) || verdicts.Count >= MostVerdicts)
        {
            verdicts.Clear();
            (judgedBy, judgedWith) = (rules, known);
        }

        var id = ProcessEvent.OfContainer(process, "id"u8);
        Span<char> key = stackalloc char[LongestId];
        if (id.IsEmpty || id.Length > LongestId)
        {
            return Judge(process, rules, known).IsIncluded;
        }
        Encoding.Latin1.GetChars(id, key);
        var byId = verdicts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (byId.TryGetValue(key[..id.Length], out var remembered))
        {
            return remembered;
        }
        var (isIncluded, isKnown) = Judge(process, rules, known);
        if (isKnown)
        {
            byId[key[..id.Length]] = isIncluded;
        }
        return isIncluded;
    }

    // What is not known yet may be at the container's next process.
    static (bool IsIncluded, bool IsKnown) Judge(in AuditEvent process, IReadOnlyList<PodTest> rules, KnownLabels labels)
    {
        var (@namespace, pod) = (Text(process.Namespace), Text(process.Name));
        var (container, uid) = (Text(ProcessEvent.OfContainer(process, "name"u8)), Text(ProcessEvent.OfContainer(process, "podUID"u8)));
        var its = labels.Of(uid);
        var isIncluded = rules.Any(rule => rule.IsForNamespace(@namespace)
            && (rule.IsForAll || pod.Length == 0
                || (rule.IsForPod(@namespace, pod, uid) && (container.Length == 0 || rule.IsForContainer(container))
                    && (!rule.NeedsLabels || its is null || rule.IsForLabels(its)))));
        return (isIncluded, pod.Length > 0 && container.Length > 0 && (its is not null || !rules.Any(rule => rule.NeedsLabels)));
    }

    static string Text(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name);

    sealed record Asked(IReadOnlySet<string>? Namespaces, IReadOnlyList<PodTest> Rules)
    {
        public static Asked Of(ProcessesFile file) =>
            new(file.Namespaces?.ToFrozenSet(), [.. (file.Rules ?? []).Select(rule => new PodTest(rule))]);
    }
}

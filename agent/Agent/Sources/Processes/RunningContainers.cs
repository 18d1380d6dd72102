using ClusterTrail.Contract;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>The containers that processes were seen in, by the control group that the kernel names.</summary>
sealed class RunningContainers
{
    public const int Most = 8192;

    static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    readonly ProcessesConfiguration configuration;
    readonly Func<IReadOnlySet<string>?> namespaces;
    readonly PodFolders pods;
    readonly TimeProvider time;
    readonly Dictionary<byte[], RunningContainer> known = new(BytesComparer.Instance);
    readonly Dictionary<byte[], RunningContainer>.AlternateLookup<ReadOnlySpan<byte>> lookup;
    // All control groups of a container share one: its limit is not multiplied by making more.
    readonly Dictionary<string, RunningContainer> byId = [];
    readonly RunningContainer host;
    readonly RunningContainer unknown;

    /// <param name="namespaces">Whose processes are asked for now; null is all of them. By default as configured.</param>
    public RunningContainers(
        ProcessesConfiguration configuration, PodFolders pods, TimeProvider time, Func<IReadOnlySet<string>?>? namespaces = null)
    {
        (this.configuration, this.pods, this.time) = (configuration, pods, time);
        var configured = configuration.Namespaces?.ToHashSet();
        this.namespaces = namespaces ?? (() => configured);
        lookup = known.GetAlternateLookup<ReadOnlySpan<byte>>();
        host = new(null, NewRate());
        unknown = new(null, NewRate()) { Json = ",\"container\":{\"unknown\":true}"u8.ToArray() };
    }

    public int Count => byId.Count;

    public IEnumerable<RunningContainer> All => byId.Values.Append(host).Append(unknown);

    /// <param name="names">The names of the control group, innermost first.</param>
    public RunningContainer Of(ReadOnlySpan<byte> names)
    {
        if (!lookup.TryGetValue(names, out var running))
        {
            running = Add(names);
        }

        running.SeenAt = time.GetTimestamp();
        if (running is { Names: not { Container: not null }, Container: { } container } && (running.Json.Length == 0 || pods.IsStale))
        {
            running.Names = pods.Find(container) ?? running.Names;
            running.Json = ProcessLine.ContainerMember(container, running.Names);
        }

        return running;
    }

    /// <summary>What stands for the container of a control group of which the kernel gave the innermost names only.</summary>
    /// <remarks>Who may make control groups could nest them that deep to pass for the node, or for another container.</remarks>
    public RunningContainer Unknown => unknown;

    /// <summary>Whether the configuration asks for its processes.</summary>
    /// <remarks>Those of which nobody can know whose they are are always recorded.</remarks>
    public bool IsWanted(RunningContainer running) => running.Container is null
        ? configuration.IncludeHost || running == unknown
        // Whose it is nobody knows, so it is nobody's who asked.
        : namespaces() is not { } asked || (running.Names is { } names && asked.Contains(names.Namespace));

    RunningContainer Add(ReadOnlySpan<byte> names)
    {
        if (known.Count >= Most)
        {
            Forget();
        }

        var container = ContainerOfCgroup.Parse(ContainerOfCgroup.PathOf(names));
        var running = container is not { } one ? host
            : byId.TryGetValue(one.Id, out var other) ? other
            : byId[one.Id] = new(one, NewRate());
        lookup[names] = running;
        return running;
    }

    // What is still to be reported of a container keeps it; who makes control groups without end makes the others slower, not unknown.
    void Forget()
    {
        known.Clear();
        foreach (var (id, running) in byId.ToList())
        {
            if (running.Suppressed == 0 && time.GetElapsedTime(running.SeenAt) > Forgotten)
            {
                byId.Remove(id);
            }
        }
    }

    TokenBucket NewRate() => new(configuration.EventsPerSecond, configuration.EventsPerSecond * ProcessesConfiguration.BurstSeconds, time);
}

using ClusterTrail.Contract.Status;

namespace ClusterTrail.Testing.Nodes.Agents;

/// <summary>An agent in memory: it serves its pages on its pod's address, and reads its mounted files as a real one does.</summary>
/// <remarks>
/// A process that is asked to end answers until it has ended. <c>logging</c>, selectors and detections are what its files say now; a real
/// agent looks once a second. <c>/readyz</c> is about the process only.
/// </remarks>
sealed class AgentProcess : IPodProcess, IAgentProcess
{
    readonly PodLaunch launch;
    readonly ScriptedAgent script;
    readonly TimeProvider time;
    readonly DateTimeOffset startedAt;
    readonly string configHash;
    readonly string url;
    MountedConfiguration configuration;
    IReadOnlyList<PodVolume> volumes;
    AgentServer? server;
    DateTimeOffset? endsAt;
    PodExit? exit;

    public AgentProcess(PodLaunch launch, MountedConfiguration configuration, ScriptedAgent script, TimeProvider time)
    {
        (this.launch, this.configuration, this.script, this.time, volumes) = (launch, configuration, script, time, launch.Volumes);
        startedAt = time.GetUtcNow();
        configHash = configuration.Hash("agent.json") ?? "";
        var listen = (string?)configuration.Agent?["telemetry"]?["listen"] ?? "127.0.0.1:9808";
        url = $"http://{launch.Ip}:{listen[(listen.LastIndexOf(':') + 1)..]}";
    }

    public PodExit? Exit => exit ?? (endsAt <= time.GetUtcNow() ? PodExit.Of(0) : null);

    public string Output => exit is { Code: 2 } ? "agent.json cannot be read." : "";

    public string Pod => launch.Pod.Metadata.Name;

    public bool IsEnding => endsAt is not null;

    public async Task StartAsync()
    {
        if (configuration.Agent is null)
            exit = PodExit.Of(2);
        else if (script.EndsAtOnceWith is { } code)
            exit = PodExit.Of(code);
        else
            await MendAsync();
    }

    public string? File(string name) => configuration.Text(name);

    public void Refresh(IReadOnlyList<PodVolume> now) => (volumes, configuration) = (now, MountedConfiguration.Of(launch, now));

    public void Terminate() => endsAt ??= time.GetUtcNow() + script.EndsAfter;

    public void Kill() => Crash(PodExit.Killed);

    public void Crash(PodExit exit) => this.exit ??= exit;

    public async Task CutAsync()
    {
        if (Interlocked.Exchange(ref server, null) is { } serving)
            await serving.DisposeAsync();
    }

    public async Task MendAsync() => server ??= await AgentServer.StartAsync(url, script, Status, Key);

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        if (script.Running == this)
            script.Running = null;
    }

    // As mounted now: a kubelet updates it.
    byte[]? Key()
    {
        var path = launch.Environment.FirstOrDefault(variable => variable.Key == SignedAnswer.KeyVariable).Value;
        if (path is null || script.IsImpostor)
            return null;
        var mount = launch.Mounts.Single(mount => mount.Path == Path.GetDirectoryName(path));
        return volumes.Single(volume => volume.Name == mount.Volume.Name).Files?.GetValueOrDefault(Path.GetFileName(path));
    }

    AgentStatus Status() => script.Says(
        AgentStatusOf.Healthy(configuration, script.Labels, launch.Node, startedAt, configHash) with { Integrity = Integrity() });

    IntegrityStatus? Integrity() => configuration.Agent?["integrity"] is { } digests && digests["enabled"]?.GetValue<bool>() != false
        ? script.Chain.Status((string?)digests["chain"] ?? "agent", time.GetUtcNow())
        : null;
}

using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Testing.Nodes;

/// <summary>What a Trail's agent on one node does, whichever pod runs it.</summary>
public sealed class ScriptedAgent
{
    /// <summary>Changes what it says of itself. The default leaves it: all in order, and stopped where <c>logging</c> is false.</summary>
    public Func<AgentStatus, AgentStatus> Says { get; set; } = status => status;

    /// <summary>What it answers instead of its status, byte by byte; null: its status.</summary>
    public Func<byte[]?>? Answers { get; set; }

    /// <summary>Whether something without the key answers in its place.</summary>
    public bool IsImpostor { get; set; }

    /// <summary>Whether <c>/healthz</c> says so.</summary>
    public bool IsHealthy { get; set; } = true;

    /// <summary>Whether <c>/readyz</c> says so.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>Whether it accepts connections and never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>How long it takes to end after SIGTERM. It answers until then, and is killed if its grace is over before.</summary>
    public TimeSpan EndsAfter { get; set; }

    /// <summary>The exit code that it ends with as soon as it starts; nothing: it runs.</summary>
    public int? EndsAtOnceWith { get; set; }

    /// <summary>Whether it takes no labels of pods, as one whose disk is full.</summary>
    public bool RefusesLabels { get; set; }

    /// <summary>The labels of pods that the operator sent last, as a real agent keeps them.</summary>
    public LabelsHandover? Labels { get; internal set; }

    /// <summary>Its chain of digests.</summary>
    public ScriptedChain Chain { get; } = new();

    /// <summary>How often it was started.</summary>
    public int Started { get; internal set; }

    /// <summary>The process that runs; nothing while none does.</summary>
    public IAgentProcess? Running { get; internal set; }
}

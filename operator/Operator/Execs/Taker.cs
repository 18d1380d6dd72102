using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Operator.Execs;

/// <summary>An agent that may record processes, as the operator knows it.</summary>
sealed class Taker
{
    /// <summary>Whether it has a part in this; null while nobody knows.</summary>
    public bool? HasPart { get; set; }

    /// <summary>When something is handed over at the latest, even if there is nothing to hand over.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>Not before then: it failed.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>How often it failed since it last answered.</summary>
    public int Failures { get; set; }

    public string? Instance { get; set; }

    /// <summary>The place of the last exec event that it has.</summary>
    public long Place { get; set; }

    /// <summary>The pods that it asked for.</summary>
    public List<NamedPod> Asked { get; set; } = [];

    /// <summary>Answers to that.</summary>
    public List<PodCommands> Answers { get; } = [];

    /// <summary>What was logged of its failure; empty while it answers.</summary>
    public string Failure { get; set; } = "";
}

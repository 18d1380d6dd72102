namespace ClusterTrail.Operator.Execs;

/// <summary>An agent beside an API server, as the operator knows it.</summary>
sealed class Giver
{
    /// <summary>When it is asked again.</summary>
    public DateTimeOffset AskAt { get; set; }

    public string? Instance { get; set; }

    public long Last { get; set; }

    /// <summary>How many it had to drop before they were old.</summary>
    public long Dropped { get; set; }

    /// <summary>Up to when all its events are here; null while nobody can say.</summary>
    public DateTimeOffset? Through { get; set; }

    /// <summary>Why nobody can say.</summary>
    public string? Problem { get; set; }

    /// <summary>What was logged of its failure; empty while it answers.</summary>
    public string Failure { get; set; } = "";
}

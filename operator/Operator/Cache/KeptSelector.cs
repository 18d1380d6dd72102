using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Operator.Cache;

/// <summary>What is kept of a TrailSelector: of its spec the Trail, and what it adds as agents get it, and how long that is.</summary>
sealed record KeptSelector : TrailSelector
{
    const int LongestProblem = 2000;
    const int LongestMessage = 4000;

    /// <summary>How many bytes agents get of it.</summary>
    public required int Bytes { get; init; }

    /// <summary>What is wrong with the rules; null when nothing is.</summary>
    public string? Problem { get; init; }

    /// <summary>As agents get them; null while they are not held. Only the <see cref="SelectorIndex"/> changes it.</summary>
    public SelectorContent? Rules { get; set; }

    /// <summary>Whether it asks for workloads.</summary>
    public bool HasWorkloads { get; init; }

    /// <summary>Whether its Trail takes it up; null before that was found out. Only attachments change it.</summary>
    public SelectorVerdict? Verdict { get; set; }

    public static KeptSelector Of(TrailSelector selector, SelectorQuota quota)
    {
        var rules = SelectorContent.Of(selector);
        var mayFit = rules.Length <= quota.BytesPerNamespace;
        return new()
        {
            Metadata = Kept.Metadata(selector.Metadata),
            Spec = new() { Trail = selector.Spec.Trail, Rules = [] },
            Status = StatusOf(selector),
            Bytes = rules.Length + 1,
            HasWorkloads = selector.Spec.Workloads.Count > 0,
            Problem = mayFit ? ProblemOf(selector) : null,
            Rules = mayFit ? rules : null,
        };
    }

    /// <summary>Whether this is what was judged: only the status, or the metadata, may differ.</summary>
    public bool HasRulesOf(KeptSelector other) =>
        (Metadata.Uid, Metadata.Generation, Metadata.DeletionTimestamp is null)
            == (other.Metadata.Uid, other.Metadata.Generation, other.Metadata.DeletionTimestamp is null);

    static string? ProblemOf(TrailSelector selector) =>
        SelectorProblems.Of(selector) is { Count: > 0 } problems ? Kept.Text(string.Join(' ', problems), LongestProblem) : null;

    // Only what this operator itself writes there.
    static TrailSelectorStatus? StatusOf(TrailSelector selector)
    {
        var said = selector.Status?.Trails?.FirstOrDefault(trail => trail.Name == selector.Spec.Trail);
        return said is { Conditions: [{ Message.Length: <= LongestMessage } only] }
            ? new() { Trails = [new() { Name = said.Name, Conditions = [only] }] }
            : null;
    }
}

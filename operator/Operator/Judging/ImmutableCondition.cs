using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether what agents store can be changed or deleted with their credentials, as their canaries found. Pure.</summary>
/// <remarks>It takes no part in Ready: agents record all the same. It is there where somebody asks for it.</remarks>
static class ImmutableCondition
{
    public const string Type = "Immutable";

    // Canaries are tried daily.
    static readonly TimeSpan Late = TimeSpan.FromDays(2);

    // The first one is tried when an agent starts.
    static readonly TimeSpan First = TimeSpan.FromHours(1);

    // From what proves least on.
    static readonly string[] Weakest = ["NoPermission", "LockedUnproven"];

    public static IEnumerable<Verdict> Evaluate(TrailView view)
    {
        if (view.Trail.Spec.Integrity.Canary ?? view.Trail.Spec.Sink.S3?.ObjectLock is not null)
            yield return Judge(view);
    }

    static Verdict Judge(TrailView trail)
    {
        IReadOnlyList<TrailView> views = trail.Workloads is { IsUnasked: false } workloads ? [trail, workloads] : [trail];
        var found =
            (from view in views
             from report in view.Reporting
             orderby report.Agent.Node
             select (report.Agent.Node, Found: report.Status.Immutability, Since: report.Status.Agent.StartedAt)).ToList();
        if (Worst(found, immutable: false) is ({ } node, { } wrong))
            return new(Type, false, TrailConditions.Word(wrong.Reason), Describe(node, wrong));
        if (Worst(found, immutable: null) is ({ } unsure, { } unknown))
        {
            return new(
                Type, null, TrailConditions.Word(unknown.Reason), $"{Describe(unsure, unknown)} The agent tries again in 15 minutes.");
        }

        var known = found.Where(one => one.Found is not null && trail.Now - one.Found.At < Late).ToList();
        if (known.Count == 0 || known.Count < found.Count)
        {
            // Agents that have just started have nothing yet. What is old, or still not there, is no such case: nobody tries any more.
            var isOld = found.Exists(one => trail.Now - (one.Found?.At ?? one.Since) >= (one.Found is null ? First : Late));
            return trail.Same(Type) is { } same && (same.Holds == false || (trail.IsResponding && !isOld)) ? same : new(
                Type, null, "NotTried",
                "Not all agents have tried yet whether what they store can be changed. They do so when they start, and daily.");
        }

        // The weakest.
        var (where, all, _) = known.OrderByDescending(one => Array.IndexOf(Weakest, one.Found!.Reason) is var at && at < 0
            ? -1 : Weakest.Length - at).First();
        return new(Type, true, TrailConditions.Word(all!.Reason), Describe(where, all));
    }

    static (string? Node, ImmutabilityStatus? Found) Worst(
        List<(string Node, ImmutabilityStatus? Found, DateTimeOffset Since)> found, bool? immutable) =>
        found.Where(one => one.Found is not null && one.Found.Immutable == immutable).Select(one => (one.Node, one.Found)).FirstOrDefault();

    static string Describe(string node, ImmutabilityStatus found) => $"On {node}: {Sentence.Of(found.Message)}";
}

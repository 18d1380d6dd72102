using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether the agents' chains of digests are whole and go on, so that the archive can be proven. Pure.</summary>
/// <remarks>It takes no part in Ready: agents record without digests too.</remarks>
static class IntactCondition
{
    public const string Type = "Intact";

    /// <summary>The reason when an agent sealed a digest twice, or took one back.</summary>
    public const string ChainMovedBack = "ChainMovedBack";

    const int MostNodes = 10;

    // For clocks that differ, a busy node, and the time until the next poll.
    static readonly TimeSpan Late = TimeSpan.FromMinutes(2);

    // A record passes the agent's spool. If the sink takes nothing, Delivering says so.
    static readonly TimeSpan Storing = TimeSpan.FromMinutes(15);

    /// <param name="trail">Of all agents of a Trail.</param>
    public static Verdict Judge(TrailView trail)
    {
        if (!trail.Trail.Spec.Integrity.Enabled)
        {
            return new(
                Type, null, "Disabled",
                "spec.integrity.enabled is false: agents seal no digests, and nobody can prove that the archive is complete.");
        }

        IReadOnlyList<TrailView> views = trail.Workloads is { IsUnasked: false } workloads ? [trail, workloads] : [trail];
        var chains = trail.Chains is null ? [] : views.SelectMany(Chains).ToList();
        return JudgeBack(chains) ?? JudgeProblem(trail) ?? JudgeSealing(views) ?? JudgeLate(chains, trail) ?? JudgeKeys(chains, trail)
            ?? JudgeWhole(views, chains, trail);
    }

    static Verdict? JudgeBack(List<ChainView> chains)
    {
        if (chains.Where(chain => chain.MovedBack is not null).ToList() is not [_, ..] back)
            return null;
        var first = back.MinBy(chain => chain.Node, StringComparer.Ordinal)!;
        return new(
            Type, false, ChainMovedBack,
            $"Digests were sealed twice, or taken back, on {Names(back.Select(chain => chain.Node))} On {first.Node} the agent sealed "
                + $"digest {first.Sequence} of chain {first.Chain}, and at {first.MovedBack!.At:yyyy-MM-ddTHH:mm:ssZ} it said that "
                + $"{(first.MovedBack.Sequence == first.Sequence ? "it is another one" : $"{first.MovedBack.Sequence} is its newest")}. "
                + "Its state folder was restored from a copy, or somebody tampers with it. Run kubectl trail verify and keep its report. "
                + "Then remove the folder integrity from the state folder, so that the agent begins another chain.");
    }

    static Verdict? JudgeProblem(TrailView trail) =>
        trail.Chains?.Problem is { } problem ? new(Type, false, problem.Reason, Sentence.Of(problem.Message)) : null;

    static Verdict? JudgeSealing(IReadOnlyList<TrailView> views)
    {
        var failing =
            (from view in views
             from report in view.Reporting
             where report.Status.Integrity?.Problem is not null
             orderby report.Agent.Node
             select (report.Agent.Node, Problem: report.Status.Integrity!.Problem!)).ToList();
        return failing is not [var (node, why), ..] ? null : new(
            Type, false, "DigestsNotSealed",
            $"No digests can be sealed on {Names(failing.Select(one => one.Node))} The agents record and deliver nevertheless. "
                + $"On {node}: {Sentence.Of(why)}");
    }

    static Verdict? JudgeLate(List<ChainView> chains, TrailView trail)
    {
        var late = chains.Where(chain => chain.NextBy is { } due && trail.Now - due > Late).OrderBy(chain => chain.NextBy).ToList();
        return late is not [var first, ..] ? null : new(
            Type, false, "DigestOverdue",
            $"Digests are overdue on {Names(late.Select(chain => chain.Node))} On {first.Node} the next digest of chain {first.Chain} "
                + $"was due at {first.NextBy:yyyy-MM-ddTHH:mm:ssZ}. The agent does not run, or does not answer; another condition may say "
                + "why. Until it runs again, nobody can prove what happened there.");
    }

    static Verdict? JudgeKeys(List<ChainView> chains, TrailView trail)
    {
        var waiting = chains.Where(chain => !chain.IsStored).OrderBy(chain => chain.EnrolledAt).ToList();
        if (waiting is not [var oldest, ..])
            return null;
        var nodes = Names(waiting.Select(chain => chain.Node));
        return trail.Now - oldest.EnrolledAt > Storing
            ? new(
                Type, false, "KeysNotStored",
                $"The archive does not have the enrolments of the keys of {nodes} Verifiers do not know these keys. Agents store the "
                    + "enrolments with their batches; if Delivering is True, see the operator's log for agents that refuse them.")
            : new(Type, null, "EnrollingKeys", $"The enrolments of the keys are on their way into the archive, of {nodes}");
    }

    static Verdict JudgeWhole(IReadOnlyList<TrailView> views, List<ChainView> chains, TrailView trail)
    {
        var silent =
            (from view in views
             from report in view.Reporting
             where report.Status.Integrity?.Records is null
             select report.Agent.Node).ToList();
        if (silent.Count > 0)
        {
            return new(
                Type, null, "NotReported",
                $"Agents of an older version, or without digests, run on {Names(silent)} They are replaced when the Trail's pods are.");
        }

        if (chains.Count == 0)
        {
            return trail.Same(Type) is { Holds: true } same && trail.IsResponding
                ? same
                : new(Type, null, "NoDigests", "No agent has sealed a digest yet.");
        }

        return new(
            Type, true, "DigestsInTime",
            "All agents seal their digests in time, each continues the one before, and all keys are enrolled.");
    }

    static IEnumerable<ChainView> Chains(TrailView view) =>
        view.Nodes.Select(node => view.Chains!.Of(node.Name, view.Role.Chain())).OfType<ChainView>();

    static string Names(IEnumerable<string> nodes)
    {
        var all = nodes.Distinct().Order(StringComparer.Ordinal).ToList();
        return $"{string.Join(", ", all.Take(MostNodes))}{(all.Count > MostNodes ? $" and {all.Count - MostNodes} more" : "")}.";
    }
}

using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Agent.Execs;

/// <summary>Finds the exec requests that can have started a process: by pod, container, command and time.</summary>
/// <remarks>
/// Guarantees: each request explains one process; of several that could be a process's all are named, and none is left out because
/// another process could be its. Assumption: it is asked in the order of time, and when all requests up to then are known.
/// </remarks>
sealed class ExecMatcher
{
    /// <summary>How far the clocks of two nodes may be apart.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    /// <summary>How long after the request its process may start: a client may open its streams that late.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(35);

    /// <summary>How many requests a record names. With more that could be, nobody looks which are taken.</summary>
    public const int MostNamed = 32;

    const int MostClaims = 1024;
    const int MostCompeting = 64;

    readonly List<Claim> claims = [];

    /// <param name="known">The requests for the process's pod.</param>
    public ExecMatch Match(EnteredProcess process, IReadOnlyList<ExecEvent> known)
    {
        claims.RemoveAll(claim => process.Time - claim.Time > (Window + Skew) * 2);
        var candidates = known.Where(exec => CanBe(exec, process)).ToList();
        if (candidates.Count > MostNamed)
        {
            return new([.. candidates.TakeLast(MostNamed)], []);
        }

        var named = candidates.Where(exec => IsPossible(exec.EventID)).ToList();
        if (named.Count == 0)
        {
            return new([], candidates);
        }

        if (claims.Count < MostClaims)
        {
            claims.Add(new(process.Time, [.. named.Select(exec => exec.EventID)]));
        }

        return new(named, []);
    }

    static bool CanBe(ExecEvent exec, EnteredProcess process) =>
        exec.Namespace == process.Namespace && exec.Pod == process.Pod
        && (exec.PodUID is null || process.PodUid is null || exec.PodUID == process.PodUid)
        && (exec.Container.Length == 0 || process.Container is null || exec.Container == process.Container)
        && process.Time >= exec.Time - Skew && process.Time <= exec.Time + Window
        && process.IsOf(exec);

    // Whether each process of before still has a request of its own if this one is given away.
    bool IsPossible(string given)
    {
        // Only those that compete with it, over any number of others, matter.
        var near = Near(given);
        var owners = new Dictionary<string, Claim>();
        return near.Count > MostCompeting || near.All(claim => TryGive(claim, given, owners, []));
    }

    List<Claim> Near(string exec)
    {
        var (reached, near) = (new HashSet<string> { exec }, new List<Claim>());
        for (var isGrowing = true; isGrowing;)
        {
            isGrowing = false;
            foreach (var claim in claims.Where(claim => !near.Contains(claim) && claim.Execs.Any(reached.Contains)))
            {
                near.Add(claim);
                reached.UnionWith(claim.Execs);
                isGrowing = true;
            }
        }

        return near;
    }

    // Kuhn's algorithm: whoever has it already looks for another one.
    static bool TryGive(Claim claim, string given, Dictionary<string, Claim> owners, HashSet<string> tried)
    {
        foreach (var exec in claim.Execs)
        {
            if (exec != given && tried.Add(exec) && (!owners.TryGetValue(exec, out var owner) || TryGive(owner, given, owners, tried)))
            {
                owners[exec] = claim;
                return true;
            }
        }

        return false;
    }

    sealed record Claim(DateTimeOffset Time, IReadOnlyList<string> Execs);
}

using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>Objects of a location that fail for the same reason are reported once, with their number.</summary>
sealed class LikeProblems(ProblemLog problems)
{
    readonly List<(ObjectException First, int Others)> kinds = [];

    /// <summary>Of a kind that objects may share, it is kept; any other is reported at once.</summary>
    internal void Add(TrailException problem)
    {
        if (problem is ObjectException ofObject)
            Add(ofObject);
        else
            problems.Report(problem.ExitCode, problem.Message);
    }

    void Add(ObjectException problem)
    {
        var at = kinds.FindIndex(one => (one.First.Kind, one.First.ExitCode) == (problem.Kind, problem.ExitCode));
        if (at < 0)
            kinds.Add((problem, 0));
        else
            kinds[at] = kinds[at] with { Others = kinds[at].Others + 1 };
    }

    /// <summary>Reports those that were added since the last call.</summary>
    internal void Report()
    {
        foreach (var (first, others) in kinds)
            problems.Report(first.ExitCode, first.SentenceWith(others));
        kinds.Clear();
    }
}

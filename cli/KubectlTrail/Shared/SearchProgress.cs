using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>Shows how a search goes on, and says what cannot be read.</summary>
sealed class SearchProgress(Progress progress, ProblemLog problems) : ISearchObserver
{
    readonly LikeProblems alike = new(problems);

    /// <summary>For what else is done under the same bar.</summary>
    internal Progress Bar => progress;

    public void Found(long objects) => progress.Found(objects);

    public void Done() => progress.Done();

    public void Report(TrailException problem) => alike.Add(problem);

    /// <summary>Says what was kept so far, because many objects may have it.</summary>
    internal void Flush() => alike.Report();
}

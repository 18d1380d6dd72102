using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.Lake.Export;

/// <summary>Is told how far the reading of objects is that were counted when they were read before.</summary>
sealed class RereadObserver(ISearchObserver inner) : ISearchObserver
{
    public void Found(long objects)
    {
    }

    public void Done()
    {
    }

    public void Report(TrailException problem) => inner.Report(problem);
}

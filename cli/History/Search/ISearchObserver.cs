using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>Is told how a search goes on. Nothing is told from two threads at once.</summary>
interface ISearchObserver
{
    /// <summary>So many objects are to be read.</summary>
    void Found(long objects);

    /// <summary>One of them was.</summary>
    void Done();

    /// <summary>Something cannot be read; the rest goes on.</summary>
    void Report(TrailException problem);
}

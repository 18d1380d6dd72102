using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Events;

namespace ClusterTrail.Lake.Query;

/// <summary>An archive, and how it is read.</summary>
/// <param name="Location">Where it is.</param>
/// <param name="Reader">Opens its objects.</param>
/// <param name="Scope">Which part is asked for, see <see cref="HistorySearch.Scope"/>.</param>
/// <param name="Observer">Is told how far the reading is, and what cannot be read.</param>
sealed record ArchiveSource(ILocation Location, ObjectReader Reader, ObjectScope Scope, ISearchObserver Observer)
{
    /// <summary>Whether batches count that began before the days of the scope, see <see cref="EarlierBatches"/>.</summary>
    internal bool LooksBack { get; init; } = true;

    /// <summary>The columns that will be asked for, see <see cref="QueryPlan"/>; the others are NULL, and take no memory.</summary>
    internal IReadOnlySet<EventColumn> Columns { get; init; } = TableColumn.Every;
}

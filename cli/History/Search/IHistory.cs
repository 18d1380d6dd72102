using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>What is searched: an archive, or an export of one.</summary>
interface IHistory
{
    /// <summary>The objects that may have records of a part.</summary>
    /// <param name="scope">Which part.</param>
    /// <param name="report">What cannot be listed, and is missing.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <exception cref="TrailException">Nothing can be listed.</exception>
    Task<IReadOnlyList<ObjectSpan>> ListAsync(ObjectScope scope, Action<TrailException> report, CancellationToken cancellationToken);

    /// <summary>The records of an object, past whatever cannot be read.</summary>
    /// <param name="one">The object.</param>
    /// <param name="take">Takes a record, which is valid until it returns; false if it is no JSON object.</param>
    /// <param name="report">What cannot be read.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    Task ReadAsync(
        ArchiveObject one, Func<ReadOnlyMemory<byte>, bool> take, Action<TrailException> report, CancellationToken cancellationToken);
}

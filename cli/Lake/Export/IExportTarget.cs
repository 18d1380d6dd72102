using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>Where an export is written.</summary>
interface IExportTarget : IExportFiles, IDisposable
{
    /// <summary>Writes a file that is there in whole or not at all.</summary>
    /// <exception cref="TrailException">It cannot be written; or there is one, and it is a new one that is wanted.</exception>
    Task PutAsync(string name, MemoryStream content, bool isNew, CancellationToken cancellationToken);

    Task DeleteAsync(string name, CancellationToken cancellationToken);
}

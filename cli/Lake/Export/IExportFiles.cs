namespace ClusterTrail.Lake.Export;

/// <summary>The files of an export. Names are below its root, with slashes.</summary>
interface IExportFiles
{
    /// <summary>As people know it.</summary>
    string Name { get; }

    /// <summary>All files below a folder, which ends in a slash; of the root, the empty one.</summary>
    Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Whether there is anything below a folder, which ends in a slash.</summary>
    Task<bool> HasAsync(string folder, CancellationToken cancellationToken);

    /// <summary>A small file; null if there is none.</summary>
    Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken);
}

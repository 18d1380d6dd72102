using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>What only archives have. An export beside it would hide the archive from whoever asks it.</summary>
static class ArchiveTraces
{
    static readonly string[] Folders = ["events/", "digests/"];

    /// <summary>The name of something that only archives have; null if there is nothing.</summary>
    internal static async Task<string?> FindAsync(IExportFiles files, CancellationToken cancellationToken)
    {
        foreach (var folder in Folders)
        {
            if (await files.HasAsync(folder, cancellationToken))
                return folder;
        }

        // A part of an archive has neither folder, but objects. An export may have another one in a folder further down.
        var names = await files.ListAsync("", cancellationToken);
        return names.FirstOrDefault(name => ArchiveObject.IsObjectName(name) && !ExportState.IsPart(name[(name.LastIndexOf('/') + 1)..]));
    }
}

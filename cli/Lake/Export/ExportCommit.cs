namespace ClusterTrail.Lake.Export;

/// <summary>Files of an export that are complete, and the objects that are in them.</summary>
/// <param name="Objects">Names of batches, as below <c>events/</c>.</param>
/// <param name="Files">Names below the export's root.</param>
sealed record ExportCommit(IReadOnlyList<string> Objects, IReadOnlyList<string> Files)
{
    internal const string Folder = $"{ExportSettings.Folder}/commits/";
}

namespace ClusterTrail.Lake.Export;

/// <summary>What an export did.</summary>
/// <param name="Objects">How many objects of the archive it has taken up.</param>
/// <param name="Files">How many files it has written.</param>
/// <param name="Known">How many objects were in it before.</param>
/// <param name="Nameless">How many records name a cluster or a Trail as no agent does, so that it is NULL in the export.</param>
sealed record ExportResult(int Objects, int Files, int Known, long Nameless);

namespace ClusterTrail.Lake.Export;

/// <summary>Which columns the files of an export have.</summary>
enum ExportSchema
{
    /// <summary>Those of the table <c>events</c>.</summary>
    Clustertrail,

    /// <summary>Those of the Open Cybersecurity Schema Framework.</summary>
    Ocsf,
}

namespace ClusterTrail.Agent.Sources;

/// <summary>How surely a name is that of a rotated file of the log.</summary>
enum NameGrade
{
    /// <summary>It has a number or a time where rotation puts one, or the configured pattern matches it.</summary>
    Certain,

    /// <summary>It extends the log's name in another way: its first line must be an audit event.</summary>
    Possible,

    /// <summary>It only begins as the log's name does, such as audit-webhook.log: another log's, as far as anybody can say.</summary>
    Foreign,
}

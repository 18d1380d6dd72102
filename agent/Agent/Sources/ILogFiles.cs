namespace ClusterTrail.Agent.Sources;

/// <summary>The folder of one log: the live file and its rotated siblings.</summary>
interface ILogFiles
{
    /// <summary>The siblings' names, oldest first; the live file's name is never among them. Empty when there is no folder.</summary>
    IReadOnlyList<string> ListRotated();

    /// <summary>Whether there is a folder to look into.</summary>
    bool HasFolder();

    /// <summary>Which file the live name means now; null when there is none.</summary>
    FileNumber? LiveNumber();

    /// <summary>The live file; null when there is none.</summary>
    ILogFile? OpenLive();

    /// <summary>A sibling; null when it is gone.</summary>
    ILogFile? OpenRotated(string name);
}

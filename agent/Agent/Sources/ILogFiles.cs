namespace ClusterTrail.Agent.Sources;

/// <summary>The files of one log: the live one and what lies beside it.</summary>
interface ILogFiles
{
    /// <summary>What may be a rotated sibling, oldest first; the live file is never among them. Empty when there is no folder.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    IReadOnlyList<FolderEntry> List();

    /// <summary>Whether there is a folder to look into.</summary>
    bool HasFolder();

    /// <summary>What the live name means now; null when there is no such file.</summary>
    /// <exception cref="IOException">Nobody can say.</exception>
    FileStatus? Live();

    /// <summary>The live file, when the path is that of the live file, or a sibling; null when it is gone.</summary>
    /// <exception cref="IOException">It cannot be opened, or is no regular file.</exception>
    ILogFile? Open(string path);
}

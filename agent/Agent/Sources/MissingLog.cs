namespace ClusterTrail.Agent.Sources;

/// <summary>What to say while there is no live file.</summary>
sealed class MissingLog(ILogFiles files, string path)
{
    public string Describe(IReadOnlyList<FollowedFile> open)
    {
        if (open.Any(file => !file.IsRetired))
        {
            return $"{path} was deleted or renamed, and kube-apiserver may still write into it. "
                + "Restart kube-apiserver, so that it makes a new one, and find out who deletes its log.";
        }

        var folder = files.HasFolder() ? "" : $": there is no folder {Path.GetDirectoryName(path)}";
        return $"{path} does not exist{folder}. "
            + $"Give kube-apiserver --audit-log-path={path} and an --audit-policy-file, or correct sources[].logFile.path.";
    }
}

namespace ClusterTrail.Agent.Sources;

/// <summary>What people are told when there is no live file, and what they can do.</summary>
static class MissingLog
{
    public static string NotThere(string path, bool hasFolder) =>
        $"{path} does not exist{(hasFolder ? "" : $": there is no folder {Path.GetDirectoryName(path)}")}. "
        + $"Give kube-apiserver --audit-log-path={path} and an --audit-policy-file, or correct sources[].logFile.path.";

    public static string Gone(string path) =>
        $"{path} was deleted or renamed, and kube-apiserver may still write into it. "
        + "Restart kube-apiserver, so that it makes a new one, and find out who deletes its log.";
}

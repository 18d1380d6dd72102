namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>Deleted logs that are held open because they are not read yet.</summary>
/// <remarks>
/// The kubelet bounds the logs of a container, but not how many containers are deleted. Guarantee: after a look they take no more of the
/// disk than is allowed; what is closed for it is a gap.
/// </remarks>
static class HeldLogs
{
    /// <summary>Closes the oldest until the rest may be held, and before them those of containers that no rule asks for.</summary>
    /// <returns>Whether any was closed.</returns>
    public static bool Bound(IEnumerable<ContainerFolder> folders, long maxBytes, int maxFiles)
    {
        var held = folders.SelectMany(folder => folder.Held.Select(file => (Folder: folder, File: file))).ToList();
        var (bytes, files) = (held.Sum(one => one.File.Text!.Length), held.Count);
        if (bytes <= maxBytes && files <= maxFiles)
        {
            return false;
        }

        foreach (var (folder, file) in held.OrderBy(one => one.Folder.IsAsked).ThenByDescending(one => one.File.QuietFor))
        {
            (bytes, files) = (bytes - file.Text!.Length, files - 1);
            folder.GiveUp(file);
            if (bytes <= maxBytes && files <= maxFiles)
            {
                break;
            }
        }

        return true;
    }
}

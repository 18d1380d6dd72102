using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Knows containers by the names of the folders and links that the kubelet makes for their logs.</summary>
/// <remarks>
/// <para>
/// <c>/var/log/pods/NAMESPACE_POD_UID/CONTAINER/</c> is there before the container starts, so that the first process is known by its pod's
/// uid. <c>/var/log/containers/POD_NAMESPACE_CONTAINER-ID.log</c> comes a moment later.
/// </para>
/// Guarantee: only names are read. Nothing is opened and no link is followed.
/// </remarks>
sealed partial class PodFolders(IPodFolders folders, TimeProvider time)
{
    // Names that nobody knows must not make the agent list folders all the time.
    static readonly TimeSpan ListEvery = TimeSpan.FromMilliseconds(500);

    Dictionary<string, ContainerNames> byId = [];
    Dictionary<string, (string Namespace, string Pod, string Folder)> byUid = [];
    long? listedAt;

    /// <summary>Why the folders cannot be listed; null while they can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether asking again can give another answer than the last time.</summary>
    public bool IsStale => listedAt is not { } at || time.GetElapsedTime(at) >= ListEvery;

    /// <summary>Null when the kubelet has no folder for it, which is so outside Kubernetes.</summary>
    public ContainerNames? Find(CgroupContainer container)
    {
        var found = Look(container);
        if (found?.Container is null && IsStale)
        {
            List();
            found = Look(container);
        }

        return found;
    }

    ContainerNames? Look(CgroupContainer container)
    {
        if (byId.TryGetValue(container.Id, out var names))
        {
            return names;
        }

        if (container.PodUid is null || !byUid.TryGetValue(container.PodUid, out var pod))
        {
            return null;
        }

        // A pod's only container has no other name. The pause container has no folder, and runs nothing but itself.
        return new(pod.Namespace, pod.Pod, OnlyContainer(pod.Folder));
    }

    void List()
    {
        listedAt = time.GetTimestamp();
        try
        {
            byId = folders.ListLinks().Select(ParseLink).OfType<(string Id, ContainerNames Names)>()
                .GroupBy(link => link.Id).ToDictionary(links => links.Key, links => links.First().Names);
            byUid = folders.ListPods().Select(ParsePod).OfType<(string Uid, string Namespace, string Pod, string Folder)>()
                .GroupBy(pod => pod.Uid)
                .ToDictionary(pods => pods.Key, pods => (pods.First().Namespace, pods.First().Pod, pods.First().Folder));
            Trouble = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Trouble = $"The kubelet's log folders cannot be listed: {e.Message}";
        }
    }

    string? OnlyContainer(string folder)
    {
        try
        {
            return folders.ListContainers(folder) is [var only] && Label().IsMatch(only) ? only : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The pod is gone already.
            return null;
        }
    }

    /// <summary>The ids of the containers that run now; none when the folder cannot be listed.</summary>
    public static IReadOnlyList<string> Running(IPodFolders folders)
    {
        try
        {
            return [.. folders.ListLinks().Select(ParseLink).OfType<(string Id, ContainerNames Names)>().Select(link => link.Id)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Reads <c>POD_NAMESPACE_CONTAINER-ID.log</c>.</summary>
    public static (string Id, ContainerNames Names)? ParseLink(string name) =>
        Link().Match(name) is { Success: true } match && match.Groups["pod"].Length <= 253
            ? (match.Groups["id"].Value, new(match.Groups["namespace"].Value, match.Groups["pod"].Value, match.Groups["container"].Value))
            : null;

    /// <summary>Reads <c>NAMESPACE_POD_UID</c>.</summary>
    public static (string Uid, string Namespace, string Pod, string Folder)? ParsePod(string name) =>
        PodFolder().Match(name) is { Success: true } match && match.Groups["pod"].Length <= 253
            ? (match.Groups["uid"].Value, match.Groups["namespace"].Value, match.Groups["pod"].Value, name)
            : null;

    [GeneratedRegex(
        "^(?<pod>[a-z0-9][a-z0-9.-]*)_(?<namespace>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)"
            + "_(?<container>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)-(?<id>[0-9a-f]{64})\\.log\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(
        "^(?<namespace>[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)_(?<pod>[a-z0-9][a-z0-9.-]*)_(?<uid>[0-9a-f-]{32,36})\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex PodFolder();

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Label();
}

using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>The folder of all pods' logs, and that of Docker's containers, to which logs below it may be links.</summary>
/// <remarks>
/// Guarantee: what is opened lies where its path says. No step below the folder follows a symbolic link, so that none leads to a log of
/// another pod or out of the folder. Only where the folder of Docker's containers is known, and a log's last step is a link to exactly
/// <c>ID/ID-json.log</c> there, is that file opened in its place, and no step below that folder follows a link either.
/// </remarks>
/// <param name="docker">The folder of Docker's containers; by default none.</param>
sealed class PodLogFolder(string path, string? docker = null)
{
    const int NonBlocking = 0x800;
    const string Mark = "#";

    readonly string? docker = docker?.TrimEnd('/');

    public string Path => path;

    /// <summary>The names in a folder; none when it is gone.</summary>
    public IEnumerable<string> List(string below = "") => ListFolder(System.IO.Path.Combine(path, below));

    /// <summary>The names of a container's logs, with those that Docker has rotated.</summary>
    public IEnumerable<string> ListLogs(string pod, string container)
    {
        foreach (var name in List($"{pod}/{container}").Where(name => !name.Contains(Mark, StringComparison.Ordinal)))
        {
            yield return name;
            if (IdOf($"{path}/{pod}/{container}/{name}") is not { } id)
            {
                continue;
            }

            foreach (var rotated in ListFolder($"{docker}/{id}").Select(file => DockerLogs.NameOf(file, id, name)).OfType<string>())
            {
                yield return rotated;
            }
        }
    }

    /// <summary>Changes when logs of a container come, go, or are renamed; null when its folder is gone.</summary>
    public long? ChangeOf(string pod, string container)
    {
        if (FileStatus.Of($"{path}/{pod}/{container}") is not { } own)
        {
            return null;
        }

        // Docker rotates in a folder of its own.
        var change = own.Modified;
        foreach (var name in docker is null ? [] : List($"{pod}/{container}"))
        {
            change += IdOf($"{path}/{pod}/{container}/{name}") is { } id ? FileStatus.Of($"{docker}/{id}")?.Modified ?? 0 : 0;
        }

        return change;
    }

    public FileStatus? Status(string pod, string container, string name)
    {
        var shown = $"{path}/{pod}/{container}/{name}";
        return DockerLogs.Parse(name) is not { } rotated ? FileStatus.Of(shown)
            : IdOf($"{path}/{pod}/{container}/{rotated.Link}") is { } id ? FileStatus.Of($"{docker}/{id}/{DockerLogs.LiveOf(id)}{rotated.Rotation}")
            : null;
    }

    /// <summary>Opens a log; null when it is gone.</summary>
    /// <exception cref="IOException">It cannot be opened, or a link or no regular file is there.</exception>
    public ILogFile? Open(string pod, string container, string name)
    {
        var shown = $"{path}/{pod}/{container}/{name}";
        var (link, rotation) = DockerLogs.Parse(name) ?? (name, "");
        using var root = FolderHandle.Open(path);
        using var podFolder = root?.Folder(pod, shown);
        using var containerFolder = podFolder?.Folder(container, shown);
        if (containerFolder is null)
        {
            return null;
        }

        if (containerFolder.LinkTarget(link) is { } target)
        {
            return docker is not null && DockerLogs.IdOf(target, docker) is { } id
                ? OpenDocker(id, rotation)
                : throw new IOException($"{shown} is not read: it is a symbolic link to {target}, and links are not followed.{Advice(target)}");
        }

        return rotation.Length > 0 ? null : Opened(containerFolder.File(name, NonBlocking, shown), shown);
    }

    DiskLogFile? OpenDocker(string id, string rotation)
    {
        var file = $"{DockerLogs.LiveOf(id)}{rotation}";
        var shown = $"{docker}/{id}/{file}";
        using var root = FolderHandle.Open(docker!);
        using var folder = root?.Folder(id, shown);
        return Opened(folder?.File(file, NonBlocking, shown), shown);
    }

    static DiskLogFile? Opened(SafeFileHandle? file, string shown) => file is null ? null : DiskLogFile.Of(file, shown);

    static string Advice(string target) => !DockerLogs.IsLikely(target) ? ""
        : " It is a log of Docker's: give the folder of Docker's containers, spec.workloadAgent.dockerContainers of a Trail.";

    // Only to know what there may be: what is opened is looked up once more, step by step.
    string? IdOf(string log) => docker is not null && new FileInfo(log).LinkTarget is { } target ? DockerLogs.IdOf(target, docker) : null;

    static List<string> ListFolder(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Select(entry => entry.Name)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{folder} may not be listed: {e.Message} Give the agent the capability DAC_READ_SEARCH.", e);
        }
    }
}

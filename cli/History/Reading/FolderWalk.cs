using System.IO.Enumeration;

namespace ClusterTrail.History.Reading;

/// <summary>Finds the objects in a folder and the folders below it.</summary>
/// <remarks>
/// Guarantees: each object is found once, and none outside, as symbolic links are not followed. A link of an archive is not an agent's:
/// it may lead back, or to files that only the auditor may read.
/// </remarks>
sealed class FolderWalk(string location, ObjectScope scope, CancellationToken cancellationToken)
{
    static readonly EnumerationOptions All = new() { IgnoreInaccessible = false, AttributesToSkip = 0 };

    readonly Stack<string> folders = [];

    internal List<ArchiveObject> Objects { get; } = [];

    /// <summary>Whether there are others, which nobody asked for.</summary>
    internal bool HasLeftOut { get; private set; }

    /// <summary>Links, and folders that cannot be listed.</summary>
    internal List<ObjectException> Skipped { get; } = [];

    /// <summary>Visits the location itself, which may be a link, or a folder in it.</summary>
    internal void Visit(string folder)
    {
        if (folder != location && File.GetAttributes(folder).HasFlag(FileAttributes.ReparsePoint))
        {
            SkipLink(folder);
            return;
        }

        folders.Push(folder);
        while (folders.TryPop(out var next))
            VisitOne(next);
    }

    void VisitOne(string folder)
    {
        try
        {
            foreach (var (path, isFolder, isLink) in Entries(folder))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Objects.Count + Skipped.Count == Limits.Objects)
                    throw ArchiveObject.TooMany(location);
                if (isFolder && !scope.MayHave(Path.GetFileName(path)))
                    HasLeftOut = true;
                else if (isLink && (isFolder || ArchiveObject.IsObjectName(path)))
                    SkipLink(path);
                else if (isFolder)
                    folders.Push(path);
                else if (ArchiveObject.IsObjectName(path))
                    Objects.Add(ArchiveObject.Of(path, Path.GetFullPath(path).Replace(Path.DirectorySeparatorChar, '/')));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var kind = $"folder {(e is UnauthorizedAccessException ? "AccessDenied" : e.GetType().Name)}";
            Skipped.Add(new(
                ExitCode.Unreadable, folder, $"cannot be listed: {e.Message}", kind,
                e is UnauthorizedAccessException ? "read the archive as the owner of its files" : null, e));
        }
    }

    static FileSystemEnumerable<(string Path, bool IsFolder, bool IsLink)> Entries(string folder) => new(
        folder,
        (ref FileSystemEntry entry) =>
            (entry.ToSpecifiedFullPath(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint)),
        All);

    void SkipLink(string path) => Skipped.Add(new(
        ExitCode.Unreadable, path, "cannot be read: symbolic links in an archive are not followed", "SymbolicLink",
        "give what a link points to as a location of its own", null));
}

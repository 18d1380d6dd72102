using System.Runtime.CompilerServices;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>An archive in a folder. Symbolic links are not followed to folders, and do not count as objects.</summary>
sealed class FolderStore(string root) : IArchiveStore
{
    static readonly EnumerationOptions Real = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint };

    public string Name => root;

    public int Concurrency => Math.Max(2, Environment.ProcessorCount);

    public async IAsyncEnumerable<string> FoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var below in List(folder, info => info.EnumerateDirectories("*", Real).Select(one => $"{folder}{one.Name}/")))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return below;
        }
    }

    public async IAsyncEnumerable<StoredObject> ObjectsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var one in List(folder, info => info.EnumerateFileSystemInfos("*", Real).Select(Stored)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return one;
        }

        StoredObject Stored(FileSystemInfo one) => one is FileInfo file
            ? new(folder + file.Name, file.Length, $"{file.LastWriteTimeUtc.Ticks:x}")
            : new($"{folder}{one.Name}/", 0, "");
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(RegularFile.Open(PathOf(name)), FileAccess.Read, bufferSize: 0));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(e.Message.TrimEnd('.'), e);
        }
    }

    // The folder's own order differs from system to system.
    List<T> List<T>(string folder, Func<DirectoryInfo, IEnumerable<T>> list)
    {
        try
        {
            return [.. list(new(PathOf(folder))).OrderBy(one => one!.ToString(), StringComparer.Ordinal)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{PathOf(folder)} cannot be listed: {e.Message.TrimEnd('.')}", e);
        }
    }

    string PathOf(string name) => Path.Combine(root, name);
}

using System.Security.Cryptography;
using ClusterTrail.Agent.Files;

namespace ClusterTrail.Agent.Sinks;

/// <summary>An archive in a folder: a local disk or a mounted volume.</summary>
/// <remarks>An object is there whole or not at all, whatever is killed when, and only its owner can read it.</remarks>
sealed class DirectorySink(string root) : ISink
{
    const int NoSpaceError = 28; // ENOSPC
    const int QuotaError = 122; // EDQUOT
    const int FileTooLargeError = 27; // EFBIG

    readonly string root = Path.GetFullPath(root);

    public string Description => root;

    public Task PutAsync(SealedObject sealedObject, CancellationToken cancellationToken) =>
        Task.Run(() => Put(sealedObject), cancellationToken);

    void Put(SealedObject sealedObject)
    {
        var path = PathOf(sealedObject.Name);
        try
        {
            Store(sealedObject, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Explain(e, path);
        }
    }

    static void Store(SealedObject sealedObject, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        DurableDirectory.Create(folder);
        if (!File.Exists(path))
        {
            Write(sealedObject, path);
            return;
        }

        MustBeTheSame(sealedObject, path);
        // The crash may have come between its rename and this.
        DurableDirectory.Flush(folder);
    }

    static void MustBeTheSame(SealedObject sealedObject, string path)
    {
        using var stored = File.OpenRead(path);
        if (!SHA256.HashData(stored).AsSpan().SequenceEqual(sealedObject.Sha256.Span))
            throw new SinkException(
                "Conflict", $"{path} exists with other content: it was damaged or changed. Keep it as evidence under another name.")
            {
                Scope = FailureScope.Batch,
            };
    }

    static void Write(SealedObject sealedObject, string path)
    {
        using var file = new AtomicFile(path, Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.tmp"));
        file.Write(sealedObject.Content.Span);
        file.Commit();
    }

    string PathOf(string name)
    {
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new ArgumentException($"The object name '{name}' leaves the archive.");
    }

    static SinkException Explain(Exception e, string path) => e switch
    {
        { HResult: NoSpaceError or QuotaError } => new(
            "NoSpace", $"There is no space left for {path}. Free some or enlarge the volume; the agent retries.", e),
        PathTooLongException => new(
            "NameTooLong", $"{path} is longer than the volume allows: shorten sink.directory.path, clusterName, trail or nodeName.", e)
        {
            Scope = FailureScope.Batch,
        },
        { HResult: FileTooLargeError } => new(
            "FileTooLarge",
            $"{path} is larger than the volume, or the process, allows for a file: raise that limit, "
                + "or lower batch.maxBytes for new batches.",
            e)
        {
            Scope = FailureScope.Batch,
        },
        _ => new("IOError", $"{path} could not be stored: {e.Message} Check that the agent's user may write there.", e),
    };
}

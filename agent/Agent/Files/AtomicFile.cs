namespace ClusterTrail.Agent.Files;

/// <summary>A file in the making, which takes its place whole or not at all. Its owner alone can read it.</summary>
/// <remarks>
/// Guarantees: after <see cref="Commit"/> returns, the file survives a power cut; before, only the file that was there does. Without it,
/// disposing deletes what was written.
/// </remarks>
sealed class AtomicFile : IDisposable
{
    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string path;
    readonly string temporary;
    readonly FileStream file;
    bool isInPlace;

    /// <param name="temporary">
    /// Where it is written, in the same folder: the same name at every try, so that a crash leaves at most one.
    /// </param>
    public AtomicFile(string path, string temporary)
    {
        (this.path, this.temporary) = (path, temporary);
        // Deleted first, so that a link planted there is not followed.
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = Mode };
        file = new(temporary, options);
    }

    public void Write(ReadOnlySpan<byte> bytes) => file.Write(bytes);

    /// <summary>Puts it in its place, and all of it on disk.</summary>
    /// <exception cref="IOException">It is not known to be there.</exception>
    public void Commit()
    {
        file.Flush(flushToDisk: true);
        file.Dispose();
        File.Move(temporary, path, overwrite: true); // true makes it one rename(2)
        isInPlace = true;
        DurableDirectory.Flush(Path.GetDirectoryName(path)!);
    }

    public void Dispose()
    {
        file.Dispose();
        if (!isInPlace)
        {
            File.Delete(temporary);
        }
    }
}

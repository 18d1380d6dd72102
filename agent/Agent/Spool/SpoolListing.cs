using System.IO.Enumeration;

namespace ClusterTrail.Agent.Spool;

/// <summary>Lists a spool's files as the folder is read, by their names alone: there may be very many.</summary>
static class SpoolListing
{
    /// <summary>Each file's batch, or its path where the name is not that of a batch.</summary>
    public static IEnumerable<(SpooledBatch? Batch, string? Path)> Of(string folder)
    {
        List<string> sources = [];
        return new FileSystemEnumerable<(SpooledBatch?, string?)>(
            folder,
            (ref FileSystemEntry entry) => Listed(ref entry, folder, sources),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                !entry.IsDirectory && entry.FileName.EndsWith(SpoolName.Extension, StringComparison.Ordinal),
        };
    }

    static (SpooledBatch?, string?) Listed(ref FileSystemEntry entry, string folder, List<string> sources)
    {
        if (!SpoolName.TryParse(entry.FileName, out var source, out var sequence, out var sealedAt))
        {
            return (null, entry.ToFullPath());
        }

        var bytes = SpooledBatch.OnDisk(entry.Length);
        return (new(folder, Known(source, sources), sequence, sealedAt ?? entry.LastWriteTimeUtc, bytes, sealedAt is not null), null);
    }

    // One string for each source, and not for each file.
    static string Known(ReadOnlySpan<char> source, List<string> sources)
    {
        foreach (var known in sources)
        {
            if (source.SequenceEqual(known))
            {
                return known;
            }
        }

        sources.Add(source.ToString());
        return sources[^1];
    }
}

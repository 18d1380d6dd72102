using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>What <c>--to</c> means.</summary>
static class ExportTarget
{
    const string S3Scheme = "s3://";

    static readonly string[] InArchive = ["/events/", "/digests/"];

    /// <param name="text">What <c>--to</c> says.</param>
    /// <param name="archive">The LOCATION of what is exported.</param>
    /// <param name="options">How buckets are reached.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <exception cref="TrailException">It names no bucket, cannot be written, or is an archive or in the one that is exported.</exception>
    internal static async Task<IExportTarget> OpenAsync(
        string text, string archive, S3Options options, CancellationToken cancellationToken)
    {
        var (to, from) = (Absolute(text), Absolute(archive));
        if (to == from || InArchive.Any(folder => to.StartsWith($"{from}{folder}", StringComparison.Ordinal)))
            throw new TrailException(ExitCode.BadUsage, $"--to {text} is the archive, or in it; export to another place.");
        var files = Files(text, options);
        if (await ArchiveTraces.FindAsync(files, cancellationToken) is { } trace)
        {
            throw new TrailException(
                ExitCode.BadUsage, $"--to {text} has {trace}, as archives have; export to a place that is empty or an export.");
        }

        return text.StartsWith(S3Scheme, StringComparison.Ordinal) ? OfBucket(text, options) : new FolderTarget(text);
    }

    /// <summary>What is there, to be read.</summary>
    /// <exception cref="TrailException">It names no bucket.</exception>
    internal static IExportFiles Files(string text, S3Options options) =>
        text.StartsWith(S3Scheme, StringComparison.Ordinal) ? OfBucket(text, options) : new ExportFolder(text);

    /// <exception cref="TrailException">It names no bucket.</exception>
    internal static S3Target OfBucket(string text, S3Options options)
    {
        var path = text[S3Scheme.Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? path : path[..slash];
        return bucket.Length > 0
            ? new(S3Client.Create(options), bucket, slash < 0 ? "" : path[(slash + 1)..].TrimEnd('/'))
            : throw new TrailException(ExitCode.BadUsage, $"{text} names no bucket; give s3://bucket/prefix.");
    }

    static string Absolute(string text) =>
        (text.StartsWith(S3Scheme, StringComparison.Ordinal) ? text : Path.GetFullPath(text)).TrimEnd('/');
}

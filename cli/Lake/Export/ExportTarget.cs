using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>What <c>--to</c> means.</summary>
static class ExportTarget
{
    const string S3Scheme = "s3://";

    /// <exception cref="TrailException">It names no bucket, or cannot be written.</exception>
    internal static IExportTarget Open(string text, S3Options options)
    {
        if (!text.StartsWith(S3Scheme, StringComparison.Ordinal))
            return new FolderTarget(text);
        return OfBucket(text, options);
    }

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
}

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
        var (bucket, path) = text[S3Scheme.Length..].Split('/', 2) switch { [var one, var rest] => (one, rest), var whole => (whole[0], "") };
        return bucket.Length > 0
            ? new S3Target(S3Client.Create(options), bucket, path.TrimEnd('/'))
            : throw new TrailException(ExitCode.BadUsage, $"--to {text} names no bucket; give s3://bucket/prefix.");
    }
}

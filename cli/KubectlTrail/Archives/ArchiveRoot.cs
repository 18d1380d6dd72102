using ClusterTrail.History.Reading;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>What the LOCATION of an archive's root means.</summary>
static class ArchiveRoot
{
    const string S3Scheme = "s3://";
    static readonly string[] Parts = ["events", "digests", "keys"];

    /// <summary>Whether it is a root, and no file.</summary>
    internal static bool IsOne(string text) => text.StartsWith(S3Scheme, StringComparison.Ordinal) || Directory.Exists(text);

    /// <exception cref="TrailException">It is none.</exception>
    internal static IArchiveStore Open(string text, S3Options options)
    {
        if (text.StartsWith(S3Scheme, StringComparison.Ordinal))
            return OpenBucket(text, options);
        if (!Directory.Exists(text))
            throw new TrailException(ExitCode.BadUsage, $"{text} is not a folder; give an archive's folder or s3://bucket/prefix.");
        CheckRoot(text, Path.TrimEndingDirectorySeparator(text).Replace(Path.DirectorySeparatorChar, '/'));
        return new FolderStore(text);
    }

    static BucketStore OpenBucket(string text, S3Options options)
    {
        var (bucket, path) = text[S3Scheme.Length..].Split('/', 2) switch
        {
            [var name, var below] => (name, below.TrimEnd('/')),
            var whole => (whole[0], ""),
        };
        if (bucket.Length == 0)
            throw new TrailException(ExitCode.BadUsage, $"{text} names no bucket; give s3://bucket/prefix.");
        CheckRoot(text, path);
        return new(S3Client.Create(options), bucket, path);
    }

    // Below its root an archive has only events, or only digests.
    static void CheckRoot(string text, string path)
    {
        var last = path.Split('/')[^1];
        if (Parts.Contains(last) || path.Contains("/cluster=", StringComparison.Ordinal))
            throw new TrailException(
                ExitCode.BadUsage,
                $"{text} is a part of an archive; give the root, which has {string.Join(", ", Parts)}. "
                    + "To verify a part, use --cluster, --trail, --node.");
    }
}

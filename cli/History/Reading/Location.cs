
namespace ClusterTrail.History.Reading;

/// <summary>What a LOCATION on the command line means.</summary>
static class Location
{
    const string S3Scheme = "s3://";

    /// <exception cref="TrailException">It is none.</exception>
    internal static ILocation Parse(string text, S3Options options)
    {
        if (text.StartsWith(S3Scheme, StringComparison.Ordinal))
            return ParseS3(text, options);
        if (Directory.Exists(text))
            return new LocalFolder(text);
        if (File.Exists(text))
            return new LocalFile(text);
        throw new TrailException(
            ExitCode.BadUsage, $"{text} does not exist; give an object file, an archive's folder or s3://bucket/prefix.");
    }

    static S3Location ParseS3(string text, S3Options options)
    {
        var path = text[S3Scheme.Length..];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? path : path[..slash];
        if (bucket.Length == 0)
            throw new TrailException(ExitCode.BadUsage, $"{text} names no bucket; give s3://bucket/prefix.");
        return new(S3Client.Create(options), bucket, slash < 0 ? "" : path[(slash + 1)..].TrimEnd('/'));
    }
}

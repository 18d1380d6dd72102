using Amazon.S3;

namespace ClusterTrail.History.Reading;

/// <summary>An archive, a part of one or a single object, in a bucket.</summary>
sealed class S3Location(IAmazonS3 s3, string bucket, string path) : ILocation
{
    const string Events = "events/";

    public async Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken)
    {
        if (ArchiveObject.IsObjectName(path))
            return new([Named(path)], []);

        var keys = new S3Keys(s3, bucket, scope);
        await ListAsync(keys, NameOf(Prefix), cancellationToken);
        return keys.Found.Count > 0 || keys.HasLeftOut
            ? Listing.OfArchive(keys.Found.Select(Named), [])
            : throw new EmptyLocationException(NameOf(Prefix));
    }

    public async Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken)
    {
        try
        {
            var response = await s3.GetObjectAsync(bucket, archiveObject.Key, cancellationToken);
            return new(response.ResponseStream, archiveObject.Name, response.ContentLength, e => Failure(archiveObject.Name, e));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(archiveObject.Name, e);
        }
    }

    /// <summary>An archive's root also holds digests, so only its events are listed; a path further down is taken as it is.</summary>
    string Prefix
    {
        get
        {
            var folder = path.Length == 0 ? "" : path + "/";
            return $"/{folder}".Contains($"/{Events}", StringComparison.Ordinal) ? folder : folder + Events;
        }
    }

    static ObjectException Failure(string name, Exception e) => new(
        ExitCode.Unreadable, name, $"cannot be read: {S3Reasons.Of(e)}", S3Reasons.Kind(e), S3Reasons.Remedy(e, "s3:GetObject"), e);

    async Task ListAsync(S3Keys keys, string name, CancellationToken cancellationToken)
    {
        try
        {
            await keys.ListAsync(Prefix, cancellationToken);
        }
        catch (Exception e) when (e is not TrailException && !cancellationToken.IsCancellationRequested)
        {
            var remedy = S3Reasons.Remedy(e, "s3:ListBucket") is { } known ? $"; {known}" : "";
            throw new TrailException(ExitCode.Unreadable, $"{name} cannot be listed: {S3Reasons.Of(e).TrimEnd('.', ' ')}{remedy}", e);
        }
    }

    ArchiveObject Named(string key) => ArchiveObject.Of(NameOf(key), key);

    string NameOf(string key) => $"s3://{bucket}/{key}";
}

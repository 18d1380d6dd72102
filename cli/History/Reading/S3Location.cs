using Amazon.S3;
using Amazon.S3.Model;

namespace ClusterTrail.History.Reading;

/// <summary>An archive, a part of one or a single object, in a bucket.</summary>
sealed class S3Location(IAmazonS3 s3, string bucket, string path) : ILocation
{
    const string Events = "events/";
    const int MostEmptyPages = 1000;

    public async Task<Listing> ListAsync(CancellationToken cancellationToken)
    {
        if (ArchiveObject.IsObjectName(path))
            return new([Named(path)], []);

        var keys = await ListAsync(NameOf(Prefix), cancellationToken);
        return keys.Count > 0
            ? new([.. keys.Select(Named).Order()], [])
            : throw new TrailException(ExitCode.BadUsage, $"No object of an archive was found below {NameOf(Prefix)}.");
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

    async Task<List<string>> ListKeysAsync(CancellationToken cancellationToken)
    {
        List<string> keys = [];
        var empty = 0;
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await s3.ListObjectsV2Async(request, cancellationToken);
            keys.AddRange((page.S3Objects ?? []).Select(o => o.Key).Where(ArchiveObject.IsObjectName));
            if (keys.Count > Limits.Objects)
                throw ArchiveObject.TooMany(NameOf(Prefix));
            empty = page.S3Objects is { Count: > 0 } ? 0 : empty + 1;
            if (page.IsTruncated == true && (empty == MostEmptyPages || page.NextContinuationToken == request.ContinuationToken))
                throw new InvalidDataException("the store's listing does not end");
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return keys;
    }

    static ObjectException Failure(string name, Exception e) => new(
        ExitCode.Unreadable, name, $"cannot be read: {S3Reasons.Of(e)}", S3Reasons.Kind(e), S3Reasons.Remedy(e, "s3:GetObject"), e);

    async Task<List<string>> ListAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ListKeysAsync(cancellationToken);
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

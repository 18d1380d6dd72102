using Amazon.S3;
using Amazon.S3.Model;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>An archive, a part of one or a single object, in a bucket.</summary>
sealed class S3Location(IAmazonS3 s3, string bucket, string path) : ILocation
{
    const string Events = "events/";

    public async Task<IReadOnlyList<ArchiveObject>> ListAsync(CancellationToken cancellationToken)
    {
        if (ArchiveObject.IsObjectName(path))
            return [Named(path)];

        var keys = await ListAsync(NameOf(Prefix), cancellationToken);
        return keys.Count > 0
            ? [.. keys.Select(Named).Order()]
            : throw new TrailException(ExitCode.BadUsage, $"No object of an archive was found below {NameOf(Prefix)}.");
    }

    public async Task<byte[]> ReadAsync(ArchiveObject archiveObject, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(archiveObject.Key, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectException(
                ExitCode.Unreadable, archiveObject.Name, $"cannot be read: {S3Reasons.Of(e)}",
                S3Reasons.Kind(e), S3Reasons.Remedy(e, "s3:GetObject"), e);
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
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await s3.ListObjectsV2Async(request, cancellationToken);
            keys.AddRange((page.S3Objects ?? []).Select(o => o.Key).Where(ArchiveObject.IsObjectName));
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return keys;
    }

    async Task<byte[]> GetAsync(string key, CancellationToken cancellationToken)
    {
        using var response = await s3.GetObjectAsync(bucket, key, cancellationToken);
        using var bytes = new MemoryStream();
        await response.ResponseStream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    async Task<List<string>> ListAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await ListKeysAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var remedy = S3Reasons.Remedy(e, "s3:ListBucket") is { } known ? $"; {known}" : "";
            throw new TrailException(ExitCode.Unreadable, $"{name} cannot be listed: {S3Reasons.Of(e).TrimEnd('.', ' ')}{remedy}", e);
        }
    }

    ArchiveObject Named(string key) => ArchiveObject.Of(NameOf(key), key);

    string NameOf(string key) => $"s3://{bucket}/{key}";
}

using System.Runtime.CompilerServices;
using Amazon.S3.Model;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Archives;

/// <remarks>Versions need <c>s3:ListBucketVersions</c> and <c>s3:GetObjectVersion</c> besides.</remarks>
sealed partial class BucketStore
{
    // What S3 calls an object of a bucket without versions.
    const string NoVersion = "null";

    public async IAsyncEnumerable<StoredObject> BelowAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(folder, null, cancellationToken))
            foreach (var one in page.S3Objects ?? [])
                yield return new(one.Key[prefix.Length..], one.Size ?? 0, one.ETag ?? "");
    }

    public async IAsyncEnumerable<StoredVersion> VersionsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListVersionsRequest { BucketName = bucket, Prefix = prefix + folder };
        ListVersionsResponse page;
        do
        {
            page = await VersionPageAsync(request, cancellationToken);
            foreach (var one in page.Versions ?? [])
                yield return new(
                    one.Key[prefix.Length..], one.VersionId is null or NoVersion ? null : one.VersionId, one.LastModified ?? default,
                    one.IsLatest == true, one.IsDeleteMarker == true);
            var isSame = page.NextKeyMarker == request.KeyMarker && page.NextVersionIdMarker == request.VersionIdMarker;
            if (page.IsTruncated == true && (isSame || page.NextKeyMarker is null))
                throw new StoreException($"{Name}/{folder} cannot be listed: the store's listing does not end", new InvalidDataException());
            (request.KeyMarker, request.VersionIdMarker) = (page.NextKeyMarker, page.NextVersionIdMarker);
        }
        while (page.IsTruncated == true);
    }

    public Task<Stream?> OpenAsync(StoredVersion version, CancellationToken cancellationToken) => OpenAsync(
        new GetObjectRequest { BucketName = bucket, Key = prefix + version.Name, VersionId = version.Id },
        version.Id is null ? "s3:GetObject" : "s3:GetObjectVersion", cancellationToken);

    async Task<ListVersionsResponse> VersionPageAsync(ListVersionsRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await s3.ListVersionsAsync(request, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"the versions of s3://{bucket}/{request.Prefix} cannot be listed: ", e, "s3:ListBucketVersions");
        }
    }
}

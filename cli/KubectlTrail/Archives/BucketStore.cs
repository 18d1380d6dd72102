using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using ClusterTrail.History.Reading;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>An archive in a bucket, below a prefix. It needs <c>s3:ListBucket</c> and <c>s3:GetObject</c>.</summary>
sealed partial class BucketStore(IAmazonS3 s3, string bucket, string path) : IVersionedStore
{
    const int MostAtOnce = 32;
    const int MostEmptyPages = 1000;

    readonly string prefix = path.Length == 0 ? "" : path + "/";

    public string Name => $"s3://{bucket}/{prefix}".TrimEnd('/');

    public int Concurrency => MostAtOnce;

    public async IAsyncEnumerable<string> FoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(folder, "/", cancellationToken))
            foreach (var below in page.CommonPrefixes ?? [])
                yield return below[prefix.Length..];
    }

    public async IAsyncEnumerable<StoredObject> ObjectsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(folder, "/", cancellationToken))
        {
            foreach (var below in page.CommonPrefixes ?? [])
                yield return new(below[prefix.Length..], 0, "");
            foreach (var one in page.S3Objects ?? [])
                yield return new(one.Key[prefix.Length..], one.Size ?? 0, one.ETag ?? "");
        }
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) =>
        OpenAsync(new GetObjectRequest { BucketName = bucket, Key = prefix + name }, "s3:GetObject", cancellationToken);

    async Task<Stream?> OpenAsync(GetObjectRequest request, string permission, CancellationToken cancellationToken)
    {
        try
        {
            return (await s3.GetObjectAsync(request, cancellationToken)).ResponseStream;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure("", e, permission);
        }
    }

    async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        string folder, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix + folder, Delimiter = delimiter };
        ListObjectsV2Response page;
        var empty = 0;
        do
        {
            page = await PageAsync(request, cancellationToken);
            var isEmpty = page is { S3Objects: null or { Count: 0 }, CommonPrefixes: null or { Count: 0 } };
            empty = isEmpty ? empty + 1 : 0;
            if (page.IsTruncated == true && (empty == MostEmptyPages || page.NextContinuationToken == request.ContinuationToken))
                throw new StoreException($"{Name}/{folder} cannot be listed: the store's listing does not end", new InvalidDataException());
            yield return page;
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
    }

    async Task<ListObjectsV2Response> PageAsync(ListObjectsV2Request request, CancellationToken cancellationToken)
    {
        try
        {
            return await s3.ListObjectsV2Async(request, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure($"s3://{bucket}/{request.Prefix} cannot be listed: ", e, "s3:ListBucket");
        }
    }

    static StoreException Failure(string what, Exception e, string permission)
    {
        var remedy = S3Reasons.Remedy(e, permission) is { } known ? $"; {known}" : "";
        return new($"{what}{S3Reasons.Of(e).TrimEnd('.', ' ')}{remedy}", e);
    }
}

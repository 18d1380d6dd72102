using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>An export in a bucket. Of two that write at once, one ends with an error.</summary>
sealed class S3Target(IAmazonS3 s3, string bucket, string path) : IExportTarget
{
    readonly string prefix = path.Length == 0 ? "" : $"{path}/";

    public string Name => $"s3://{bucket}/{path}".TrimEnd('/');

    public Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken) => RunAsync(
        $"{Name}/{folder} cannot be listed",
        async () =>
        {
            var names = new List<string>();
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix + folder };
            ListObjectsV2Response page;
            do
            {
                page = await s3.ListObjectsV2Async(request, cancellationToken);
                names.AddRange((page.S3Objects ?? []).Select(one => one.Key[prefix.Length..]));
                request.ContinuationToken = page.NextContinuationToken;
            }
            while (page.IsTruncated == true);
            return (IReadOnlyList<string>)names;
        },
        cancellationToken);

    public Task<bool> HasAsync(string folder, CancellationToken cancellationToken) => RunAsync(
        $"{Name}/{folder} cannot be listed",
        async () =>
        {
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix + folder, MaxKeys = 1 };
            return (await s3.ListObjectsV2Async(request, cancellationToken)).S3Objects is { Count: > 0 };
        },
        cancellationToken);

    public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) => RunAsync(
        $"{Name}/{name} cannot be read",
        async () =>
        {
            try
            {
                using var answer = await s3.GetObjectAsync(bucket, prefix + name, cancellationToken);
                using var content = new MemoryStream();
                await answer.ResponseStream.CopyToAsync(content, cancellationToken);
                return content.ToArray();
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
            {
                return null;
            }
        },
        cancellationToken);

    public Task PutAsync(string name, MemoryStream content, bool isNew, CancellationToken cancellationToken) => RunAsync(
        $"{Name}/{name} cannot be written",
        () =>
        {
            content.Position = 0;
            return s3.PutObjectAsync(
                new()
                {
                    BucketName = bucket,
                    Key = prefix + name,
                    InputStream = content,
                    AutoCloseStream = false,
                    IfNoneMatch = isNew ? "*" : null,
                },
                cancellationToken);
        },
        cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => RunAsync(
        $"{Name}/{name} cannot be deleted", () => s3.DeleteObjectAsync(bucket, prefix + name, cancellationToken), cancellationToken);

    public void Dispose() => s3.Dispose();

    static async Task<T> RunAsync<T>(string failure, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new TrailException(ExitCode.Unreadable, $"{failure}: {S3Reasons.Of(e)}", e);
        }
    }
}

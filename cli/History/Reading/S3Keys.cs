using Amazon.S3;
using Amazon.S3.Model;

namespace ClusterTrail.History.Reading;

/// <summary>Finds the keys of objects in a bucket; folders that nobody asked for are not listed.</summary>
/// <remarks>Down to the days a request for each folder, and then as many as there are thousands of objects.</remarks>
sealed class S3Keys(IAmazonS3 s3, string bucket, ObjectScope scope)
{
    const int MostEmptyPages = 1000;
    const string Folder = "/";

    internal List<string> Found { get; } = [];

    /// <summary>Whether there are others, which nobody asked for.</summary>
    internal bool HasLeftOut { get; private set; }

    internal async Task ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var isWhole = scope == ObjectScope.All || prefix.Split('/').Any(ObjectScope.IsDay);
        var folders = new List<string>();
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, Delimiter = isWhole ? null : Folder };
        var empty = 0;
        ListObjectsV2Response page;
        do
        {
            page = await s3.ListObjectsV2Async(request, cancellationToken);
            Add(page.S3Objects ?? [], prefix);
            folders.AddRange(page.CommonPrefixes ?? []);
            empty = page is { S3Objects: null or { Count: 0 }, CommonPrefixes: null or { Count: 0 } } ? empty + 1 : 0;
            if (page.IsTruncated == true && (empty == MostEmptyPages || page.NextContinuationToken == request.ContinuationToken))
                throw new InvalidDataException("the store's listing does not end");
            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        foreach (var folder in folders)
            await VisitAsync(folder, cancellationToken);
    }

    async Task VisitAsync(string folder, CancellationToken cancellationToken)
    {
        if (scope.MayHave(folder.TrimEnd('/').Split('/')[^1]))
            await ListAsync(folder, cancellationToken);
        else
            HasLeftOut = true;
    }

    void Add(IEnumerable<S3Object> objects, string prefix)
    {
        Found.AddRange(objects.Select(one => one.Key).Where(ArchiveObject.IsObjectName));
        if (Found.Count > Limits.Objects)
            throw ArchiveObject.TooMany($"s3://{bucket}/{prefix}");
    }
}

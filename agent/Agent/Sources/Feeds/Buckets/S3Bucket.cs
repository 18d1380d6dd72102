using Amazon.S3;
using Amazon.S3.Model;
using ClusterTrail.Archive;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>A bucket of S3, or of a store that answers like it. It needs s3:ListBucket and s3:GetObject.</summary>
sealed class S3Bucket(IAmazonS3 s3, string bucket, string prefix, FeedCall call) : IBucket
{
    const int PageObjects = 1000;

    public async Task<BucketPage> ListAsync(string? after, CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix, StartAfter = after, MaxKeys = PageObjects };
        var answer = await call.RunAsync(
            token => s3.ListObjectsV2Async(request, token), $"s3:ListBucket on arn:aws:s3:::{bucket}", TimeSpan.Zero, null,
            cancellationToken);
        var found = (answer.S3Objects ?? []).Select(one =>
            new StoredObject(one.Key, Tag(one.ETag), Time(one.LastModified), one.Size ?? 0)).ToList();
        return new(found, answer.IsTruncated != true);
    }

    public async Task<OpenedObject> OpenAsync(string key, string tag, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest { BucketName = bucket, Key = key };
        if (tag.Length > 0)
            request.EtagToMatch = $"\"{tag}\"";
        var answer = await call.RunAsync(
            token => s3.GetObjectAsync(request, token), $"s3:GetObject on arn:aws:s3:::{bucket}/{prefix}*", TimeSpan.Zero, key,
            cancellationToken);
        var found = new StoredObject(key, Tag(answer.ETag), Time(answer.LastModified), answer.ContentLength);
        return new(found, new PatientStream(answer, call, cancellationToken));
    }

    static string Tag(string? tag) => tag?.Trim('"') ?? "";

    static DateTimeOffset Time(DateTime? time) => time is { } at ? new(at.ToUniversalTime()) : DateTimeOffset.MaxValue;

    /// <summary>An object's content, of which each piece may take as long as an answer.</summary>
    sealed class PatientStream(GetObjectResponse answer, FeedCall call, CancellationToken stopping) : ForwardStream
    {
        public override int Read(Span<byte> buffer)
        {
            var piece = new byte[buffer.Length];
            var read = ReadAsync(piece).AsTask().GetAwaiter().GetResult();
            piece.AsSpan(0, read).CopyTo(buffer);
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var limit = new CancellationTokenSource(call.Timeout, call.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping, cancellationToken);
            try
            {
                return await answer.ResponseStream.ReadAsync(buffer, either.Token);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                var reason = limit.IsCancellationRequested ? $"nothing more came for {call.Timeout.TotalSeconds} s." : e.Message;
                throw new FeedException(FeedFailure.Object, $"It ended before its end: {reason}", e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                answer.Dispose();
            base.Dispose(disposing);
        }
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Anchors;

/// <summary>Anchors in a bucket. It needs <c>s3:GetObject</c> and <c>s3:PutObject</c> on <c>PREFIX/anchors/*</c>.</summary>
/// <remarks>Without <c>s3:ListBucket</c> S3 says AccessDenied of what is not there: the first put then asks that nothing is.</remarks>
sealed class S3AnchorStore : IAnchorStore
{
    const int MostBytes = 64 << 10;

    static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    readonly TrailAnchor anchor;
    readonly AnchorConnections connections;
    readonly AmazonS3Client api;

    public S3AnchorStore(TrailAnchor anchor, AWSCredentials credentials, X509Certificate2Collection? authorities)
    {
        this.anchor = anchor;
        connections = new(authorities, Limit);
        var settings = new AmazonS3Config
        {
            ForcePathStyle = anchor.PathStyle,
            MaxErrorRetry = 1,
            HttpClientFactory = connections,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (anchor.Endpoint is not null)
            (settings.ServiceURL, settings.AuthenticationRegion) = (anchor.Endpoint, anchor.Region ?? "us-east-1");
        else
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(anchor.Region ?? "us-east-1");
        api = new(credentials, settings);
    }

    public string Description => AnchorStores.Describe(anchor);

    public async Task<(byte[] Bytes, string Tag)?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await api.GetObjectAsync(anchor.Bucket, KeyOf(name), cancellationToken);
            var bytes = new byte[Math.Min(answer.ContentLength, MostBytes)];
            await answer.ResponseStream.ReadExactlyAsync(bytes, cancellationToken);
            return (bytes, answer.ETag);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "AccessDenied")
        {
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(e, "s3:GetObject");
        }
    }

    public async Task<string> WriteAsync(string name, byte[] bytes, string? tag, CancellationToken cancellationToken)
    {
        try
        {
            return await PutAsync(name, bytes, tag, isConditional: true, cancellationToken);
        }
        catch (AnchorException e) when (tag is not null && e.Code is AnchorException.Conflict or "NotImplemented")
        {
            // Ceph 16 refuses the condition in a bucket with versions whatever is there, and other stores do not know it.
            if ((await ReadAsync(name, cancellationToken))?.Tag != tag)
                throw;
            return await PutAsync(name, bytes, tag, isConditional: false, cancellationToken);
        }
    }

    async Task<string> PutAsync(string name, byte[] bytes, string? tag, bool isConditional, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new MemoryStream(bytes, writable: false);
            var answer = await api.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = anchor.Bucket,
                    Key = KeyOf(name),
                    InputStream = content,
                    ContentType = "application/json",
                    // A bucket with Object Lock needs it.
                    ChecksumSHA256 = Convert.ToBase64String(SHA256.HashData(bytes)),
                    // Ceph 16 compares it as it comes.
                    IfMatch = isConditional ? tag?.Trim('"') : null,
                    IfNoneMatch = tag is null ? "*" : null,
                    UseChunkEncoding = false,
                },
                cancellationToken);
            return answer.ETag;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failure(e, "s3:PutObject");
        }
    }

    public void Dispose()
    {
        api.Dispose();
        connections.Dispose();
    }

    string KeyOf(string name) => anchor.Prefix.Length == 0 ? name : $"{anchor.Prefix}/{name}";

    AnchorException Failure(Exception e, string permission) => e switch
    {
        AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed } => new(
            AnchorException.Conflict,
            $"{Description} has another anchor than the operator has seen. It is read again; the credentials need s3:GetObject for that.",
            e),
        AmazonS3Exception { ErrorCode: "AccessDenied" } => new(
            "AccessDenied",
            $"{Description} denies access: grant the credentials of spec.integrity.anchor {permission} on {KeyOf("anchors/*")}.", e),
        AmazonS3Exception { ErrorCode: { Length: > 0 } code } answer => new(code, $"{Description} answered {code}: {answer.Message}", e),
        OperationCanceledException or TimeoutException => new(
            "Timeout", $"{Description} did not answer within {Limit.TotalSeconds:0} s.", e),
        _ => new("Unreachable", $"{Description} cannot be reached: {e.Message}", e),
    };
}

using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.SQS;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using ClusterTrail.Contract;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>The SDK's clients for a bucket and its queue, with one set of credentials.</summary>
/// <param name="Queue">Null without a queue.</param>
/// <param name="Credentials">Those from files; null means the SDK's chain.</param>
sealed record FeedClients(IAmazonS3 Bucket, IAmazonSQS? Queue, FileCredentials? Credentials, ServerTrust Trust)
{
    /// <param name="field">The source's part in the configuration, for messages.</param>
    /// <exception cref="SinkException">No region is known, or the CA file cannot be read.</exception>
    public static FeedClients Create(BucketSourceConfiguration source, string field, TimeProvider time, ILogger logger)
    {
        WebIdentity.Enable();
        var credentials = source.Credentials.Static is { } files ? new FileCredentials(files, time) : null;
        var trust = new ServerTrust(new($"{field}.endpoint", $"{field}.caPath", source.CaPath), time, logger);
        var connections = new FeedConnections(trust, TimeSpan.FromSeconds(source.TimeoutSeconds));
        try
        {
            var (s3, sqs) = (BucketSettings(source), QueueSettings(source));
            (s3.HttpClientFactory, s3.MaxErrorRetry, s3.Timeout) = (connections, 0, Timeout.InfiniteTimeSpan);
            (sqs.HttpClientFactory, sqs.MaxErrorRetry, sqs.Timeout) = (connections, 0, Timeout.InfiniteTimeSpan);
            return new(
                credentials is null ? new AmazonS3Client(s3) : new AmazonS3Client(credentials, s3),
                source.QueueUrl is null ? null : credentials is null ? new AmazonSQSClient(sqs) : new AmazonSQSClient(credentials, sqs),
                credentials, trust);
        }
        catch (AmazonClientException e)
        {
            throw new SinkException("NoRegion", $"No region is known for S3. Set {field}.region, or {field}.endpoint.", e);
        }
    }

    static AmazonS3Config BucketSettings(BucketSourceConfiguration source)
    {
        var settings = new AmazonS3Config
        {
            ForcePathStyle = source.PathStyle,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (source.Endpoint is { } endpoint)
            (settings.ServiceURL, settings.AuthenticationRegion) = (endpoint, RegionOf(source));
        else if (source.Region is { } region)
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        return settings;
    }

    // The queue may be in another place than the bucket's endpoint.
    static AmazonSQSConfig QueueSettings(BucketSourceConfiguration source) => source.QueueUrl is { } url
        ? new() { ServiceURL = new Uri(url).GetLeftPart(UriPartial.Authority), AuthenticationRegion = RegionOf(source) }
        : new() { ServiceURL = "https://sqs.invalid", AuthenticationRegion = RegionOf(source) };

    static string RegionOf(BucketSourceConfiguration source) =>
        source.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
}

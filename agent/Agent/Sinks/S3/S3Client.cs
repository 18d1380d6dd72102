using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using ClusterTrail.Contract;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>The SDK's client as the agent needs it, and the credentials it uses.</summary>
/// <param name="Api">Makes one attempt a call: the uploader owns the retry.</param>
/// <param name="Credentials">Those from files; null means the SDK's chain.</param>
/// <param name="Trust">Whom its connections trust.</param>
sealed record S3Client(IAmazonS3 Api, FileCredentials? Credentials, ServerTrust Trust)
{
    /// <exception cref="SinkException">No region is known, or the CA file cannot be read.</exception>
    public static S3Client Create(S3SinkConfiguration sink, TimeProvider time, ILogger logger)
    {
        WebIdentity.Enable();
        var credentials = CredentialsFor(sink.Credentials, time);
        var trust = new ServerTrust(new("sink.s3.endpoint", "sink.s3.caPath", sink.CaPath), time, logger);
        try
        {
            var settings = Settings(sink, trust);
            var api = credentials is null ? new AmazonS3Client(settings) : new AmazonS3Client(credentials, settings);
            return new(api, credentials, trust);
        }
        catch (AmazonClientException e)
        {
            throw new SinkException("NoRegion", "No region is known for S3. Set sink.s3.region, or sink.s3.endpoint.", e);
        }
    }

    static FileCredentials? CredentialsFor(S3CredentialsConfiguration credentials, TimeProvider time) => credentials switch
    {
        { Type: S3CredentialsType.Default } => null,
        { Static: { } files } => new(files, time),
        _ => throw new ArgumentException("sink.s3.credentials.static is missing, and sink.s3.credentials.type is Static."),
    };

    static AmazonS3Config Settings(S3SinkConfiguration sink, ServerTrust trust)
    {
        var settings = new AmazonS3Config
        {
            ForcePathStyle = sink.PathStyle,
            MaxErrorRetry = 0,
            Timeout = Timeout.InfiniteTimeSpan, // the sink has the clock: it covers resolving, connecting and the credentials too
            HttpClientFactory = new StoreHttpClientFactory(sink, trust),
            RequestChecksumCalculation = sink.Checksums == S3Checksums.WhenSupported
                ? RequestChecksumCalculation.WHEN_SUPPORTED
                : RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = sink.Checksums == S3Checksums.WhenSupported
                ? ResponseChecksumValidation.WHEN_SUPPORTED
                : ResponseChecksumValidation.WHEN_REQUIRED,
        };
        Locate(settings, sink);
        return settings;
    }

    static void Locate(AmazonS3Config settings, S3SinkConfiguration sink)
    {
        if (sink.Endpoint is not null)
        {
            settings.ServiceURL = sink.Endpoint;
            settings.AuthenticationRegion = sink.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? "us-east-1";
        }
        else if (sink.Region is not null)
        {
            settings.RegionEndpoint = RegionEndpoint.GetBySystemName(sink.Region);
        }
    }
}

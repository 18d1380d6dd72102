using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace ClusterTrail.History.Reading;

/// <summary>Makes the client of an S3 or compatible store.</summary>
static class S3Client
{
    const string RegionOfStoresWithoutOne = "us-east-1";

    internal static IAmazonS3 Create(S3Options options)
    {
        try
        {
            return new AmazonS3Client(Configure(options));
        }
        catch (AmazonClientException e)
        {
            throw new TrailException(ExitCode.BadUsage, $"S3 is not configured: {e.Message}; give --region or --endpoint.", e);
        }
    }

    /// <summary>Checksums only where they are required: compatible stores refuse or lack them.</summary>
    static AmazonS3Config Configure(S3Options options)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            HttpClientFactory = new StoreHttpClientFactory(options.CaPath is { } path ? ReadAuthorities(path) : null),
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is not null)
            (config.ServiceURL, config.AuthenticationRegion) = (CheckUrl(options.Endpoint), options.Region ?? RegionOfStoresWithoutOne);
        else if (options.Region is not null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return config;
    }

    static string CheckUrl(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            ? endpoint
            : throw new TrailException(ExitCode.BadUsage, $"--endpoint {endpoint} is no URL; give one like https://s3.example.com.");

    static X509Certificate2Collection ReadAuthorities(string path)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(System.Text.Encoding.UTF8.GetString(NamedFile.Read(path, NamedFile.MostKeyBytes).Span));
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate");
        }
        catch (CryptographicException e)
        {
            throw new TrailException(ExitCode.BadUsage, $"--ca {path} cannot be used: {e.Message}", e);
        }
    }
}

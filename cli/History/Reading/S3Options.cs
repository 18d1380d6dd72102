namespace ClusterTrail.History.Reading;

/// <summary>How to reach S3; credentials come from the SDK's own chain.</summary>
/// <param name="Endpoint">The URL of a compatible store; the default is the region's.</param>
/// <param name="Region">The default comes from the environment.</param>
/// <param name="PathStyle">Whether the bucket's name goes into the path.</param>
/// <param name="CaPath">A PEM file of the certificate authorities to trust; the default is the system's.</param>
sealed record S3Options(string? Endpoint, string? Region, bool PathStyle, string? CaPath);

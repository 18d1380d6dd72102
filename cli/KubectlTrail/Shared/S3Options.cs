using System.CommandLine;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>How to reach S3; credentials come from the SDK's own chain.</summary>
/// <param name="Endpoint">The URL of a compatible store; the default is the region's.</param>
/// <param name="Region">The default comes from the environment.</param>
/// <param name="PathStyle">Whether the bucket's name goes into the path.</param>
/// <param name="CaPath">A PEM file of the certificate authorities to trust; the default is the system's.</param>
sealed record S3Options(string? Endpoint, string? Region, bool PathStyle, string? CaPath)
{
    static readonly Option<string?> EndpointOption = new("--endpoint")
    {
        Description = "The URL of a store that is not AWS.",
        HelpName = "URL",
    };

    static readonly Option<string?> RegionOption = new("--region")
    {
        Description = "The AWS region. The default comes from the environment.",
        HelpName = "REGION",
    };

    static readonly Option<bool> PathStyleOption = new("--path-style")
    {
        Description = "Put the bucket's name into the URL's path, as most other stores need.",
    };

    static readonly Option<string?> CaOption = new("--ca")
    {
        Description = "The certificate authorities to trust for S3, in PEM.",
        HelpName = "FILE",
    };

    internal static void AddTo(Command command)
    {
        foreach (Option option in new Option[] { EndpointOption, RegionOption, PathStyleOption, CaOption })
            command.Add(option);
    }

    internal static S3Options Of(ParseResult arguments) => new(
        arguments.GetValue(EndpointOption), arguments.GetValue(RegionOption), arguments.GetValue(PathStyleOption),
        arguments.GetValue(CaOption));
}

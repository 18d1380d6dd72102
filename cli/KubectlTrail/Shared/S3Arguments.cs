using System.CommandLine;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>The options that say how to reach S3.</summary>
static class S3Arguments
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

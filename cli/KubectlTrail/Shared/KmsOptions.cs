using System.CommandLine;
using ClusterTrail.Archive.Sealing;
using ClusterTrail.History.Reading;
using ClusterTrail.Kms;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>The key that opens an archive: a file, or one in AWS KMS, whose credentials come from the SDK's own chain.</summary>
static class KmsOptions
{
    /// <summary>A key in a file. Commands that read archives have it among their first options.</summary>
    internal static readonly Option<string?> KeyFile = new("--key")
    {
        Description = "The private key that opens encrypted objects, in PEM.",
        HelpName = "FILE",
    };

    internal static readonly Option<string?> Key = new("--kms-key")
    {
        Description = "The key in AWS KMS: its id, ARN or alias.",
        HelpName = "KEY",
    };

    static readonly Option<string?> Region = new("--kms-region")
    {
        Description = "The key's region. The default is that of an ARN, else the environment's.",
        HelpName = "REGION",
    };

    static readonly Option<string?> Endpoint = new("--kms-endpoint")
    {
        Description = "The URL of KMS. The default is the region's.",
        HelpName = "URL",
    };

    internal static void AddTo(Command command)
    {
        foreach (var option in new[] { Key, Region, Endpoint })
            command.Add(option);
    }

    /// <summary>The key, which the caller disposes of; null if none is named.</summary>
    /// <exception cref="TrailException">No region is known.</exception>
    internal static KmsKey? Find(ParseResult arguments)
    {
        try
        {
            return arguments.GetValue(Key) is { Length: > 0 } key
                ? new(new(key, arguments.GetValue(Region), arguments.GetValue(Endpoint)), TimeProvider.System)
                : null;
        }
        catch (KmsException e)
        {
            throw new TrailException(ExitCode.BadUsage, e.Message, e);
        }
    }

    /// <summary>With the key of <see cref="KeyFile"/> or <c>--kms-key</c>.</summary>
    /// <exception cref="TrailException">Both are given, or none can be used.</exception>
    internal static Opener Opener(ParseResult arguments) => Opener(arguments, arguments.GetValue(KeyFile));

    /// <summary>With the key of this file or <c>--kms-key</c>.</summary>
    /// <exception cref="TrailException">Both are given, or none can be used.</exception>
    internal static Opener Opener(ParseResult arguments, string? path)
    {
        if (Find(arguments) is not { } kms)
            return History.Reading.Opener.FromKeyFile(path);
        if (path is not null)
            throw new TrailException(ExitCode.BadUsage, "--key and --kms-key are given; give one of them.");
        try
        {
            return new(KmsRecipientKey.Open(kms), kms);
        }
        catch (Exception e) when (e is KmsException or KeyRefusedException)
        {
            kms.Dispose();
            throw new TrailException(ExitCode.BadUsage, $"--kms-key cannot be used: {e.Message}", e);
        }
    }
}

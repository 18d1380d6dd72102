using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Input;

/// <summary>Files of rules and lists, as people write them.</summary>
static class RulesOfFile
{
    /// <exception cref="TrailException">The file is wrong, or cannot be read.</exception>
    internal static RuleFile Read(string path) => Read(path, Contracts.ParseRules);

    /// <summary>Reads a file and says of one that is wrong what is wrong.</summary>
    internal static T Read<T>(string path, Func<string, string, T> parse)
    {
        try
        {
            return parse(path, File.ReadAllText(path));
        }
        catch (ConfigurationException e)
        {
            throw new TrailException(ExitCode.BadUsage, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(ExitCode.BadUsage, $"{path} cannot be read: {e.Message}", e);
        }
    }
}

using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Input;

/// <summary>Files of rules and lists, as people write them.</summary>
static class RulesOfFile
{
    /// <exception cref="TrailException">The file is wrong, or cannot be read.</exception>
    internal static RuleFile Read(string path) => ReadNamed(path, Contracts.ParseRules);

    /// <summary>Reads a file that was named, with whatever in it.</summary>
    /// <exception cref="TrailException">The file is wrong, or cannot be read.</exception>
    internal static T ReadNamed<T>(string path, Func<string, string, T> parse) =>
        Parsed(path, file => Utf8Text.Decode(NamedFile.Read(file, NamedFile.MostInputBytes)), parse);

    /// <summary>Reads a file beside one that was named, which must be a regular one.</summary>
    /// <exception cref="TrailException">The file is wrong, or cannot be read.</exception>
    internal static T ReadBeside<T>(string path, Func<string, string, T> parse) =>
        Parsed(path, file => RegularFile.ReadText(file, NamedFile.MostInputBytes), parse);

    static T Parsed<T>(string path, Func<string, string> read, Func<string, string, T> parse)
    {
        try
        {
            return parse(path, read(path));
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

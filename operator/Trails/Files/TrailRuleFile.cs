using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Trails.Files;

/// <summary>A rule file that a Trail names, as it was read.</summary>
/// <param name="Source">Where it comes from, for messages: the ConfigMap and its key.</param>
public sealed record TrailRuleFile(string Source, RuleFile Content)
{
    // A file with hundreds of invalid rules would make a message that does not fit into a status.
    const int MostProblems = 5;

    /// <exception cref="ConfigurationException">It cannot be used: the message names ConfigMap, key, field and value.</exception>
    public static TrailRuleFile Parse(string configMap, string key, string yaml)
    {
        var source = $"ConfigMap {configMap}, {key}";
        try
        {
            return new(source, Contracts.ParseRules(source, yaml));
        }
        catch (ConfigurationException e)
        {
            var sentences = e.Message.Split('\n');
            var more = sentences.Length > MostProblems ? $" And {sentences.Length - MostProblems} more." : "";
            throw new ConfigurationException(string.Join(' ', sentences.Take(MostProblems)) + more, e);
        }
    }
}

using System.Text.RegularExpressions;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract;

/// <summary>What the labels that records get must be beyond their form.</summary>
static partial class EnrichmentValidation
{
    const string KeyRule = "a label's key, such as team or app.kubernetes.io/name";

    public static void Check(EnrichmentConfiguration enrichment, Problems problems)
    {
        var (ofNamespaces, ofOwners) = (enrichment.NamespaceLabels ?? [], enrichment.OwnerLabels ?? []);
        Check("enrichment.namespaceLabels", ofNamespaces, problems);
        Check("enrichment.ownerLabels", ofOwners, problems);
        var keys = ofNamespaces.Count + ofOwners.Count;
        if (keys > EnrichmentConfiguration.MostKeys)
        {
            problems.AddText("enrichment", $"has {keys} keys; allowed: at most {EnrichmentConfiguration.MostKeys} in all.");
        }
    }

    static void Check(string field, IReadOnlyList<string> keys, Problems problems)
    {
        for (var at = 0; at < keys.Count; at++)
        {
            if (!LabelKey().IsMatch(keys[at]))
            {
                problems.Add($"{field}[{at}]", keys[at], KeyRule);
            }
            else if (keys.Take(at).Contains(keys[at]))
            {
                problems.Add($"{field}[{at}]", keys[at], "a key that is not in the list yet");
            }
        }
    }

    // A qualified name: a DNS subdomain may stand before the name.
    [GeneratedRegex(
        @"^((?=[^/]{1,253}/)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?"
        + @"(?=.{1,63}\z)[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?\z")]
    private static partial Regex LabelKey();
}

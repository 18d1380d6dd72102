using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterTrail.Chart.Tests;

/// <summary>The pages of docs/runbooks, and who leads there.</summary>
static partial class Runbooks
{
    /// <summary>What the URLs of runbooks begin with, unless the chart is told otherwise.</summary>
    public const string Base = "https://clustertrail.io/runbooks";

    const string Folder = "runbooks";

    /// <summary>The names of all pages, without the index.</summary>
    public static IEnumerable<string> Pages =>
        Directory.GetFiles(Repository.PathOf("docs", Folder)).Select(path => Path.GetFileNameWithoutExtension(path)).Where(name => name != "README").Order(StringComparer.Ordinal);

    public static string Text(string page) => File.ReadAllText(Repository.PathOf("docs", Folder, page + ".md"));

    /// <summary>What a page can be entered at, as <c>page#heading</c>, and the page itself.</summary>
    public static IEnumerable<string> Entries(string page) =>
        HeadingOf().Matches(Text(page)).Select(heading => $"{page}#{Anchor(heading.Groups[1].Value)}").Prepend(page);

    /// <summary>Every rule of every pack.</summary>
    public static IReadOnlyList<JsonNode> PackRules =>
    [
        .. from file in Directory.GetFiles(Path.Combine(Repository.Chart, "detections"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           where !file.EndsWith(".tests.yaml", StringComparison.Ordinal)
           from rule in Yaml.Documents(File.ReadAllText(file)).SelectMany(document => document["rules"]?.AsArray() ?? [])
           select rule,
    ];

    // As GitHub makes them of headings.
    static string Anchor(string heading) => AnchorRest().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingOf();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex AnchorRest();
}

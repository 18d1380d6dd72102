using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterTrail.Chart.Tests;

/// <summary>The pages of docs/runbooks, and who leads there.</summary>
static partial class Runbooks
{
    /// <summary>What the URLs of runbooks begin with, unless the values say otherwise.</summary>
    public const string Base = "https://clustertrail.io/runbooks";

    const string Folder = "runbooks";

    /// <summary>The names of all pages, without the index.</summary>
    public static IEnumerable<string> Pages =>
        Directory.GetFiles(Repository.PathOf("docs", Folder)).Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name != "README").Order(StringComparer.Ordinal);

    public static string PathOf(string page) => Repository.PathOf("docs", Folder, page + ".md");

    public static string Text(string page) => File.ReadAllText(PathOf(page));

    /// <summary>Where a page's links lead, but for those to the web.</summary>
    public static IEnumerable<string> Links(string page) => LinkOf().Matches(Text(page)).Select(link => link.Groups[1].Value);

    /// <summary>What a page can be entered at, as <c>page#heading</c>, and the page itself.</summary>
    public static IEnumerable<string> Entries(string page) =>
        Anchors(Text(page)).Select(anchor => $"{page}#{anchor}").Prepend(page);

    /// <summary>Where a page in Markdown can be entered: at its headings.</summary>
    public static IEnumerable<string> Anchors(string text) => HeadingOf().Matches(text).Select(heading => Anchor(heading.Groups[1].Value));

    /// <summary>Every rule of every pack.</summary>
    public static IReadOnlyList<JsonNode> PackRules =>
    [
        .. from file in Directory.GetFiles(Path.Combine(Repository.Chart, "detections"), "*.yaml", SearchOption.AllDirectories).Order(
            StringComparer.Ordinal)
           where !file.EndsWith(".tests.yaml", StringComparison.Ordinal)
           from rule in Yaml.Documents(File.ReadAllText(file)).SelectMany(document => document["rules"]?.AsArray() ?? [])
           select rule,
    ];

    // As GitHub makes them of headings.
    static string Anchor(string heading) => AnchorRest().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingOf();

    [GeneratedRegex(@"\]\((?!https?:)([^)\s]+)\)")]
    private static partial Regex LinkOf();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex AnchorRest();
}

using System.Text.RegularExpressions;

namespace ClusterTrail.Testing;

/// <summary>A line that a document tells people to run: the block after <c>&lt;!-- tested: NAME --&gt;</c>.</summary>
public static class DocumentedLine
{
    public static string Of(string document, string name)
    {
        var text = File.ReadAllText(PathOf(document)).ReplaceLineEndings("\n");
        var match = Regex.Match(text, $"<!-- tested: {Regex.Escape(name)} -->\n+```[a-z]*\n(.+?)\n```", RegexOptions.Singleline);
        return match.Success
            ? match.Groups[1].Value
            : throw new InvalidDataException($"{document} has no block after <!-- tested: {name} -->.");
    }

    static string PathOf(string document)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        }

        return Path.Combine(folder.FullName, document);
    }
}

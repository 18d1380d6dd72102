using System.Text;
using System.Text.RegularExpressions;

namespace ClusterTrail.Contract.Tests;

/// <summary>The examples in the documents are what the agent takes.</summary>
public sealed partial class DocumentsTests
{
    [Fact]
    public void EverySelectorsFileOfTheDocumentsIsRight()
    {
        var examples = Examples(Path.Combine("docs", "selectors.md"), "\"ruleSets\"");

        Assert.Equal(2, examples.Count);
        Assert.All(examples, example =>
            Assert.NotEmpty(Contracts.ParseSelectors("selectors.md", Encoding.UTF8.GetBytes(example)).RuleSets));
    }

    [Fact]
    public void TheConfigurationOfTheReadmeIsRight()
    {
        var example = Assert.Single(Examples("README.md", "\"clusterName\""));
        var file = Path.GetTempFileName();
        File.WriteAllText(file, example);

        var agent = Contracts.LoadAgent(file);

        File.Delete(file);
        Assert.Equal("prod-eu", agent.ClusterName);
    }

    /// <summary>The JSON blocks of a document that begin with an object of this member.</summary>
    static List<string> Examples(string document, string member) =>
        [.. Block().Matches(File.ReadAllText(PathOf(document)).ReplaceLineEndings("\n"))
            .Select(block => Indent().Replace(block.Groups[1].Value, ""))
            .Where(json => json.TrimStart('{', '\n', ' ').StartsWith(member, StringComparison.Ordinal))];

    static string PathOf(string document)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The repository's root is not above the tests.");
        }

        return Path.Combine(folder.FullName, document);
    }

    [GeneratedRegex("^ *```json\n(.+?)\n *```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("^   ", RegexOptions.Multiline)]
    private static partial Regex Indent();
}

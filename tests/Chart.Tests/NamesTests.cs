using System.Text.RegularExpressions;

namespace ClusterTrail.Chart.Tests;

/// <summary>What an admin copies from anywhere fits what they copied before.</summary>
public sealed partial class NamesTests
{
    static readonly string[] Folders = ["charts", "crds", "docs", "rules", "operator", "agent", "cli", "tests"];
    static readonly string[] Texts = [".md", ".yaml", ".sh", ".txt", ".tpl", ".cs", ".json"];

    // Of a team, of the cluster, or for the reader to fill in.
    static readonly string[] NotOurs = ["kube-system", "default", "payments", "shop", "monitoring", "NAMESPACE", "NS"];

    [Fact]
    public void EveryCommandOfTheDocumentsNamesOurNamespaceOrOneThatIsNotOurs() => Assert.Empty(
        from file in Files("README.md", "CONTRIBUTING.md", "demo.sh", "charts", "crds", "docs", "rules")
        from Match match in Commands().Matches(File.ReadAllText(file))
        let named = match.Groups["namespace"].Value
        where named != Helm.Namespace && !NotOurs.Contains(named)
        select $"{Path.GetRelativePath(Repository.PathOf(), file)}: {match.Value}");

    [Fact]
    public void NothingIsInANamespaceOfTheProductsName() => Assert.Empty(
        from file in Files(["README.md", "CONTRIBUTING.md", "demo.sh", .. Folders])
        from Match match in Other().Matches(File.ReadAllText(file))
        select $"{Path.GetRelativePath(Repository.PathOf(), file)}: {match.Value}");

    [Theory]
    [InlineData("helm uninstall clustertrail --namespace clustertrail\n", true)]
    [InlineData("kubectl get pods -n clustertrail -w", true)]
    [InlineData("metadata: { name: s3, namespace: clustertrail }", true)]
    [InlineData("kubectl label namespace clustertrail a=b", true)]
    [InlineData("--namespace clustertrail-system", false)]
    [InlineData("namespace ClusterTrail.Chart;", false)]
    public void AnotherNamespaceWouldBeFound(string text, bool found) => Assert.Equal(found, Other().IsMatch(text));

    static IEnumerable<string> Files(params IEnumerable<string> roots) =>
        from root in roots
        let path = Repository.PathOf(root)
        from file in File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
        where Texts.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != $"{nameof(NamesTests)}.cs"
        where !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal)
        select file;

    [GeneratedRegex(
        @"(--namespace[ =]|(?<=(kubectl|helm)[^\n]*) -n |kubectl (create|label( --overwrite)?) namespace )(?<namespace>[A-Za-z][A-Za-z0-9-]*)")]
    private static partial Regex Commands();

    [GeneratedRegex(@"(--namespace|-n|\bnamespaces?)[""':= ]+clustertrail(?![A-Za-z0-9.-])")]
    private static partial Regex Other();
}

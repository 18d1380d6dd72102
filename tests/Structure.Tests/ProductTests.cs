namespace ClusterTrail.Structure.Tests;

/// <summary>How the product's own projects and folders depend on each other.</summary>
public sealed class ProductTests
{
    const string Page = "docs/architecture.md";

    static readonly IReadOnlyList<Project> Projects = Repository.Projects();

    static readonly Structure Product = new(Projects);

    [Fact]
    public void NoProjectsDependOnEachOther() => Assert.Empty(Structure.Circular(Product.ProjectEdges));

    [Fact]
    public void NoFoldersDependOnEachOther() => Assert.Empty(Structure.Circular(Product.FolderEdges));

    [Fact]
    public void NamespacesAreFolders() => Assert.Empty(Product.Misplaced);

    [Fact]
    public void ThePageNamesEachEdgeOfProjects() =>
        AssertNamed(Product.ProjectEdges, NamedEdges.OfProjects(Repository.Read(Page)), NamedEdges.TextOfProjects(Product.ProjectEdges));

    [Fact]
    public void ThePageNamesEachEdgeOfFolders() =>
        AssertNamed(Product.FolderEdges, NamedEdges.OfFolders(Repository.Read(Page)), NamedEdges.TextOfFolders(Product.FolderEdges));

    [Fact]
    public void ThePageIsShort() => Assert.InRange(Repository.Read(Page).Count(character => character == '\n'), 100, 200);

    [Theory]
    [InlineData("Agent")]
    [InlineData("Operator")]
    [InlineData("KubectlTrail")]
    public void ATypesNameIsItsOwnInAProgram(string program) => Assert.Empty(Product.SharedNames(program));

    [Fact]
    public void CommandsShareNothingButWhatIsSharedByAll()
    {
        string[] shared = ["Shared", "Printing", "Input", "Archives", "Clusters"];
        string[] users = ["KubectlTrail", "KubectlTrail/Help"];

        var imports = Product.FolderEdges.Where(edge =>
            edge.From.StartsWith("KubectlTrail", StringComparison.Ordinal) && !users.Contains(edge.From));

        Assert.All(imports, edge => Assert.Contains(edge.To, shared.Select(folder => $"KubectlTrail/{folder}")));
    }

    [Fact]
    public void JudgingIsPureInItsImports()
    {
        var usings = Projects.Single(project => project.Name == "Operator").Sources.Where(source =>
            source.Folder.EndsWith("/Judging", StringComparison.Ordinal))
            .SelectMany(source => source.Usings).ToHashSet();

        Assert.Contains("ClusterTrail.Operator.Model", usings);
        Assert.DoesNotContain(usings, used =>
            used.StartsWith("ClusterTrail.Kubernetes.", StringComparison.Ordinal)
                || used.StartsWith("Microsoft.Extensions", StringComparison.Ordinal)
            || used is "System.Net.Http"
            or "System.IO"
            or "System.Threading"
            or "System.Diagnostics.Metrics"
            or "ClusterTrail.Operator.Cache");
    }

    static void AssertNamed(IReadOnlySet<Edge> edges, IReadOnlySet<Edge> named, string text)
    {
        if (!edges.SetEquals(named))
        {
            Assert.Fail(
                $"New: {string.Join(", ", edges.Except(named).Order())}\nGone: {string.Join(", ", named.Except(edges).Order())}\n"
                + $"If that is meant to be so, {Page} should say:\n{text}");
        }
    }
}

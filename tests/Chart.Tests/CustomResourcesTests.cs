using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

[Requires(Requires.Helm)]
public sealed class CustomResourcesTests
{
    [Fact]
    public void TheChartHoldsTheCustomResourcesOfTheRepository()
    {
        var held = Path.Combine(Repository.Chart, "files", "crds");

        Assert.Equal(FilesOf(Repository.PathOf("crds")), FilesOf(held));
        foreach (var file in Directory.GetFiles(Repository.PathOf("crds")))
            Golden.Check(Path.Combine(held, Path.GetFileName(file)), File.ReadAllText(file));
    }

    [Theory]
    [InlineData("--set=crds.keep=true", "keep")]
    [InlineData("--set=crds.keep=false", null)]
    public async Task TheyAreRenderedAsTheyAreButForLabelsAndTheirKeeping(string option, string? policy)
    {
        using var helm = await Helm.FindAsync();

        var rendered = await helm.RenderAsync(option);

        var definitions = rendered.OfKind("CustomResourceDefinition").ToList();
        Assert.Equal(Directory.GetFiles(Repository.PathOf("crds")).Length, definitions.Count);
        foreach (var file in Directory.GetFiles(Repository.PathOf("crds")))
        {
            var expected = Assert.Single(Yaml.Documents(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
            var actual = rendered[Manifests.NameOf(expected)];
            Assert.Equal(policy, (string?)actual["metadata"]!["annotations"]?["helm.sh/resource-policy"]);
            Assert.True(JsonNode.DeepEquals(expected["spec"], actual["spec"]), $"{file} is rendered as something else.");
        }
    }

    [Fact]
    public async Task TheyCanBeLeftOut()
    {
        using var helm = await Helm.FindAsync();

        Assert.Empty((await helm.RenderAsync("--set=crds.install=false")).OfKind("CustomResourceDefinition"));
    }

    static IEnumerable<string> FilesOf(string folder) =>
        Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}

using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Trails.Tests.Golden;

public sealed class GoldenTests
{
    public static TheoryData<string> Cases => [.. GoldenCase.Names];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task ATrailBecomesTheseObjects(string name) => GoldenFolder.CompareAsync(name, GoldenCase.Load(name).Files());

    [Theory]
    [MemberData(nameof(Cases))]
    public void AnAgentTakesItsFiles(string name)
    {
        var golden = GoldenCase.Load(name);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Join("agent.json"), golden.AgentJson);

        var agent = Contracts.LoadAgent(folder.Join("agent.json"));
        var selectors = Contracts.ParseSelectors("selectors.json", Encoding.UTF8.GetBytes(golden.SelectorsJson));
        var detections = Contracts.ParseDetections("detections.json", Encoding.UTF8.GetBytes(golden.DetectionsJson));

        Assert.Equal(("selectors.json", "detections.json"), (agent.Selectors, agent.Detections));
        Assert.Equal(["baseline"], detections.Packs);
        Assert.Equal(agent.Trail, selectors.RuleSets[0].Name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NoObjectSaysWhatItDoesNotMean(string name)
    {
        var text = ManifestText.Json(GoldenCase.Load(name).Objects);

        Assert.DoesNotContain("null", text.Replace("\\\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("[]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFolderIsACase() =>
        Assert.Equal(GoldenCase.Names.Order(), Directory.GetDirectories(GoldenFolder.PathOf("")).Select(Path.GetFileName).Order());
}

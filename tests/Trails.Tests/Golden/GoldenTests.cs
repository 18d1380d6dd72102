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
        Assert.Contains("baseline", detections.Packs);
        Assert.Equal(agent.Trail, selectors.RuleSets[0].Name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void NoObjectSaysWhatItDoesNotMean(string name)
    {
        // Of containers, all rules are in the file that may change.
        const string Empty = "\\\"rules\\\": [],";
        var text = ManifestText.Json(GoldenCase.Load(name).Objects).Replace(Empty, "", StringComparison.Ordinal);

        Assert.DoesNotContain("null", text.Replace("\\\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("[]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAgentOfWorkloadsTakesItsFiles()
    {
        var golden = GoldenCase.Load("workloads");
        using var folder = new TemporaryFolder();
        foreach (var (name, text) in golden.WorkloadFiles)
            File.WriteAllText(folder.Join(name), text);

        var agent = Contracts.LoadAgent(folder.Join("agent.json"));
        var rules = Contracts.ParseContainerRules("workloads.json", Encoding.UTF8.GetBytes(golden.WorkloadFiles["workloads.json"]));
        var processes = Contracts.ParseProcesses("processes.json", Encoding.UTF8.GetBytes(golden.WorkloadFiles["processes.json"]));
        var detections = Contracts.ParseDetections("detections.json", Encoding.UTF8.GetBytes(golden.WorkloadFiles["detections.json"]));

        Assert.Equal(["workloads.json"], agent.Sources.Select(source => source.Containers?.RulesFile).OfType<string>());
        Assert.Equal(["processes.json"], agent.Sources.Select(source => source.Processes?.NamespacesFile).OfType<string>());
        Assert.Equal([["payments", "team-a"], ["shop"]], rules.Rules.Select(rule => rule.Namespaces));
        Assert.True(rules.Rules[0].PodLabels!.Matches(new Dictionary<string, string> { ["tier"] = "backend" }));
        Assert.Equal(["audited", "shop"], processes.Namespaces);
        // What no source of this agent could fire is not among its rules.
        Assert.Equal(["processes"], detections.Packs);
    }

    [Fact]
    public void EveryFolderIsACase() =>
        Assert.Equal(GoldenCase.Names.Order(), Directory.GetDirectories(GoldenFolder.PathOf("")).Select(Path.GetFileName).Order());
}

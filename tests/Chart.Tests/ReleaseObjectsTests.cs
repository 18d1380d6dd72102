using ClusterTrail.Contract.Detections;
using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

/// <summary>Rules tell the chart's own objects from those of agents by their names.</summary>
[Requires(Requires.Helm)]
public sealed class ReleaseObjectsTests
{
    static readonly string[] Kinds = ["ConfigMap", "ServiceAccount", "Deployment", "NetworkPolicy", "Role", "RoleBinding"];

    [Fact]
    public async Task TheListHasEveryObjectOfTheChart()
    {
        using var helm = await Helm.FindAsync();
        var rendered = await helm.RenderAsync("-f", Helm.FullValues);

        var names = rendered.Objects.Where(one => Kinds.Contains((string?)one["kind"])).Select(one => (string)one["metadata"]!["name"]!);

        var list = Packs.All.Single(pack => pack.Name == "baseline").Content.Lists["clustertrail-release-objects"];
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), list);
    }
}

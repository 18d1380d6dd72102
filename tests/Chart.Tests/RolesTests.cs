using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

/// <summary>What the roles say, in words. <see cref="RightsTests"/> asks a real server what follows from them.</summary>
[Requires(Requires.Helm)]
public sealed class RolesTests
{
    const string Aggregation = "rbac.authorization.k8s.io/aggregate-to-";
    static readonly string[] Writing = ["create", "update", "patch", "delete", "deletecollection"];

    [Fact]
    public async Task NoRuleHasAWildcard()
    {
        foreach (var rule in (await RolesAsync()).SelectMany(Rules))
            Assert.DoesNotContain("*", rule.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyMayEscalateImpersonateOrConnect()
    {
        string[] forbidden = ["escalate", "bind", "impersonate", "approve", "sign", "use", "deletecollection"];
        foreach (var rule in (await RolesAsync()).SelectMany(Rules))
        {
            Assert.Empty(Texts(rule, "verbs").Intersect(forbidden));
            Assert.Empty(
                Texts(rule, "resources").Intersect(
                    ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "serviceaccounts/token"]));
            Assert.DoesNotContain("rbac.authorization.k8s.io", Texts(rule, "apiGroups"));
            if (rule["nonResourceURLs"] is not null)
                Assert.Equal(("/metrics", "get"), (Texts(rule, "nonResourceURLs").Single(), Texts(rule, "verbs").Single()));
        }
    }

    [Fact]
    public async Task SecretsAreReadAndCreatedInTheOperatorsNamespaceOnlyAndNeverChanged()
    {
        var withSecrets = (await RolesAsync()).Where(role => Rules(role).Any(rule => Texts(rule, "resources").Contains("secrets")))
            .ToList();

        var role = Assert.Single(withSecrets);
        Assert.Equal("Role/clustertrail-operator", Manifests.NameOf(role));
        Assert.Equal(Helm.Namespace, (string?)role["metadata"]!["namespace"]);
        var verbs = Rules(role).Where(rule => Texts(rule, "resources").Contains("secrets")).SelectMany(rule => Texts(rule, "verbs"));
        Assert.Equal(["get", "list", "watch", "create"], verbs);
    }

    [Fact]
    public async Task ClusterWideTheOperatorWritesNothingButTrailsStatus()
    {
        var role = (await RolesAsync()).Single(role => Manifests.NameOf(role) == "ClusterRole/clustertrail-operator");

        var written = Rules(role).Where(rule => Texts(rule, "verbs").Intersect(Writing).Any()).SelectMany(rule => Texts(rule, "resources"));

        Assert.Equal(["trails", "trails/status", "trails/finalizers", "trailselectors/status"], written);
        Assert.All(Rules(role), rule => Assert.DoesNotContain("create", Texts(rule, "verbs")));
        Assert.All(Rules(role), rule => Assert.DoesNotContain("delete", Texts(rule, "verbs")));
    }

    [Fact]
    public async Task OutsideOfItsNamespaceItWritesEventsOnly()
    {
        var elsewhere = (await RolesAsync()).Where(role =>
            (string?)role["kind"] == "Role" && (string?)role["metadata"]!["namespace"] != Helm.Namespace);

        var rules = Rules(Assert.Single(elsewhere)).ToList();
        Assert.Equal(["events"], rules.Where(rule => Texts(rule, "verbs").Intersect(Writing).Any()).SelectMany(rule => Texts(rule, "resources")));
        Assert.Equal(["events", "endpointslices"], rules.SelectMany(rule => Texts(rule, "resources")));
        // Slices of other names somebody else may have made.
        var read = rules.Single(rule => Texts(rule, "resources").Contains("endpointslices"));
        Assert.Equal(["get", "kubernetes"], Texts(read, "verbs").Concat(Texts(read, "resourceNames")));
    }

    [Fact]
    public async Task ViewingIsForAllViewersSelectingForAdminsAndTrailsForNobodyByThemselves()
    {
        var roles = await RolesAsync();

        Assert.Equal(["clustertrail-viewer: view", "clustertrail-selector-editor: admin"], Aggregations(roles));
        Assert.Equal(["trailselectors"], Resources("clustertrail-selector-editor"));
        Assert.Empty(Rules(Role("clustertrail-viewer")).SelectMany(rule => Texts(rule, "verbs")).Intersect(Writing));

        JsonNode Role(string name) => roles.Single(role => Manifests.NameOf(role) == $"ClusterRole/{name}");
        IEnumerable<string> Resources(string name) => Rules(Role(name)).SelectMany(rule => Texts(rule, "resources"));
    }

    [Fact]
    public async Task WhoHasRightsInSomeNamespacesOnlyCanBeLetSeeTrails()
    {
        var viewer = (await RolesAsync()).Single(role => Manifests.NameOf(role) == "ClusterRole/clustertrail-trail-viewer");

        var rule = Assert.Single(Rules(viewer));
        Assert.Equal(["trails"], Texts(rule, "resources"));
        Assert.Equal(["get", "list", "watch"], Texts(rule, "verbs"));
        Assert.Empty(Aggregations([viewer]));
    }

    [Fact]
    public async Task AggregationCanBeLeftOut()
    {
        using var helm = await Helm.FindAsync();

        Assert.Empty(Aggregations((await helm.RenderAsync("--set=rbac.aggregate=false")).OfKind("ClusterRole")));
    }

    [Fact]
    public async Task PodsOfAllNamespacesAreReadOnlyWithWorkloads()
    {
        using var helm = await Helm.FindAsync();

        Assert.Empty(await PodVerbsAsync("--set=workloads.enabled=false"));
        Assert.Equal(["list", "watch", "get"], await PodVerbsAsync("--set=workloads.enabled=true"));

        async Task<IEnumerable<string>> PodVerbsAsync(string value) =>
            from role in (await helm.RenderAsync(value)).OfKind("ClusterRole")
            from rule in Rules(role)
            where Texts(rule, "resources").Contains("pods")
            from verb in Texts(rule, "verbs")
            select verb;
    }

    [Fact]
    public async Task EveryBindingIsForTheOperatorsAccountAlone()
    {
        using var helm = await Helm.FindAsync();
        var rendered = await helm.RenderAsync();

        foreach (var binding in rendered.OfKind("ClusterRoleBinding").Concat(rendered.OfKind("RoleBinding")))
        {
            var subject = Assert.Single(binding["subjects"]!.AsArray())!;
            Assert.Equal(
                $"ServiceAccount {Helm.Namespace}/clustertrail-operator", $"{subject["kind"]} {subject["namespace"]}/{subject["name"]}");
            Assert.True(rendered.Has($"{binding["roleRef"]!["kind"]}/{binding["roleRef"]!["name"]}"));
        }
    }

    static async Task<IReadOnlyList<JsonNode>> RolesAsync()
    {
        using var helm = await Helm.FindAsync();
        var rendered = await helm.RenderAsync();
        return [.. rendered.OfKind("ClusterRole"), .. rendered.OfKind("Role")];
    }

    static IEnumerable<string> Aggregations(IEnumerable<JsonNode> roles) =>
        from role in roles
        from label in role["metadata"]!["labels"]!.AsObject()
        where label.Key.StartsWith(Aggregation, StringComparison.Ordinal)
        orderby label.Key descending
        select $"{role["metadata"]!["name"]}: {label.Key[Aggregation.Length..]}";

    static IEnumerable<JsonNode> Rules(JsonNode role) => role["rules"]!.AsArray().OfType<JsonNode>();

    static IEnumerable<string> Texts(JsonNode rule, string field) => (rule[field] as JsonArray ?? []).Select(text => (string)text!);
}

using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Trails.Tests.Schema;

/// <summary>Every CEL rule of the custom resources, as the API server applies it: what it refuses, and in which words.</summary>
[Collection(ClusterFixture.Collection)]
[Requires(Requires.Cluster)]
public sealed class RuleTests(ClusterFixture fixture)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(RuleCases.Wrong), MemberType = typeof(RuleCases))]
    public async Task AWrongSpecIsRefusedInWords(string change, string message)
    {
        var cluster = await WithCustomResourcesAsync();

        var wrong = await cluster.Admin.TryApplyAsync(Trail("wrong", change), ["--dry-run=server"], Cancellation);

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains(message, wrong.Error.Replace("\\\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RuleCases.WrongSelectors), MemberType = typeof(RuleCases))]
    public async Task AWrongTrailSelectorIsRefusedInWords(string spec, string message)
    {
        var cluster = await WithCustomResourcesAsync();

        var wrong = await cluster.Admin.TryApplyAsync(Selector(spec), ["--dry-run=server"], Cancellation);

        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains(message, wrong.Error, StringComparison.Ordinal);
    }

    // What the wrong ones are changes of.
    [Fact]
    public async Task ARightSpecIsTaken()
    {
        var cluster = await WithCustomResourcesAsync();

        var trail = await cluster.Admin.TryApplyAsync(Trail("right", "{}"), ["--dry-run=server"], Cancellation);
        var selector = await cluster.Admin.TryApplyAsync(
            Selector("""{"trail": "main", "workloads": [{"output": {"fields": [{"path": "message.level", "operator": "Exists"}]}}]}"""),
            ["--dry-run=server"], Cancellation);

        Assert.Equal(("", ""), (trail.ExitCode == 0 ? "" : trail.Error, selector.ExitCode == 0 ? "" : selector.Error));
    }

    [Theory]
    [MemberData(nameof(RuleCases.WrongChanges), MemberType = typeof(RuleCases))]
    public async Task AWrongChangeIsRefusedInWords(string before, string change, string message)
    {
        var cluster = await WithCustomResourcesAsync();
        var name = $"t{Guid.NewGuid():N}";
        await cluster.Admin.ApplyAsync(Trail(name, before), Cancellation);

        var patch = new JsonObject { ["spec"] = JsonNode.Parse(change) }.ToJsonString();
        var refused = await cluster.Admin.TryAsync(["patch", "trail", name, "--type=merge", "--patch", patch], Cancellation);
        await cluster.Admin.RunAsync(["delete", "trail", name], Cancellation);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operator")]
    [InlineData("dashboards")]
    [InlineData("verifier")]
    public async Task ANameOfTheChartsOwnIsRefused(string name)
    {
        var cluster = await WithCustomResourcesAsync();

        var refused = await cluster.Admin.TryApplyAsync(Trail(name, "{}"), ["--dry-run=server"], Cancellation);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(RuleCases.ReservedName, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATrailThatHadSuchANameBeforeItWasRefusedCanBeDeleted()
    {
        var cluster = await WithCustomResourcesAsync();
        const string RemoveRule = """[{"op": "remove", "path": "/spec/versions/0/schema/openAPIV3Schema/x-kubernetes-validations"}]""";
        CustomResources.AboutToChange();
        await cluster.Admin.RunAsync(["patch", "crd", "trails.clustertrail.io", "--type=json", "--patch", RemoveRule], Cancellation);
        await Testing.Eventually.HoldsAsync(
            "it is taken", async () => (await cluster.Admin.TryApplyAsync(Trail("dashboards", "{}"), [], Cancellation)).ExitCode == 0, Cancellation);
        await cluster.Admin.RunAsync(["patch", "trail", "dashboards", "--type=merge", "--patch", """{"metadata": {"finalizers": ["clustertrail.io/deliver"]}}"""], Cancellation);
        await cluster.Admin.RunAsync(["patch", "trail", "dashboards", "--subresource=status", "--type=merge", "--patch", """{"status": {"sink": "s3://audit"}}"""], Cancellation);
        await WithCustomResourcesAsync();
        await Testing.Eventually.HoldsAsync(
            "another is refused", async () => (await cluster.Admin.TryApplyAsync(Trail("operator", "{}"), ["--dry-run=server"], Cancellation)).ExitCode == 1, Cancellation);

        await cluster.Admin.RunAsync(["delete", "trail", "dashboards", "--wait=false"], Cancellation);
        await cluster.Admin.RunAsync(["patch", "trail", "dashboards", "--type=merge", "--patch", """{"metadata": {"finalizers": null}}"""], Cancellation);

        Assert.Equal("", await cluster.Admin.RunAsync(["get", "trail", "dashboards", "--ignore-not-found"], Cancellation));
    }

    [Fact]
    public async Task ATrailThatHasTheOlderDefaultOfGzipLevelCanBeChangedAndDeleted()
    {
        var cluster = await WithCustomResourcesAsync();
        var name = $"t{Guid.NewGuid():N}";
        await cluster.Admin.ApplyAsync(Trail(name, "{}"), Cancellation);
        await cluster.Admin.RunAsync(["patch", "trail", name, "--subresource=status", "--type=merge", "--patch", """{"status": {"sink": "s3://audit"}}"""], Cancellation);

        // As it would be there already.
        await cluster.Admin.RunAsync(["patch", "trail", name, "--type=merge", "--patch", """{"spec": {"batch": {"gzipLevel": 6}}}"""], Cancellation);
        await cluster.Admin.RunAsync(["patch", "trail", name, "--type=merge", "--patch", """{"spec": {"batch": {"maxAgeSeconds": 30}}}"""], Cancellation);
        await cluster.Admin.RunAsync(["patch", "trail", name, "--subresource=status", "--type=merge", "--patch", """{"status": {"sink": "s3://other"}}"""], Cancellation);
        await cluster.Admin.RunAsync(["delete", "trail", name], Cancellation);

        Assert.Equal("", await cluster.Admin.RunAsync(["get", "trail", name, "--ignore-not-found"], Cancellation));
    }

    [Fact]
    public async Task ALongerRetentionIsTaken()
    {
        var cluster = await WithCustomResourcesAsync();
        var name = $"t{Guid.NewGuid():N}";

        await cluster.Admin.ApplyAsync(Trail(name, RuleCases.Locked(30)), Cancellation);
        await cluster.Admin.ApplyAsync(Trail(name, RuleCases.Locked(31)), Cancellation);

        await cluster.Admin.RunAsync(["delete", "trail", name], Cancellation);
    }

    [Fact]
    public async Task WhereNoCollectorIsConcernedTheTypeMayChange()
    {
        var cluster = await WithCustomResourcesAsync();
        var name = $"t{Guid.NewGuid():N}";

        await cluster.Admin.ApplyAsync(Trail(name, "{}"), Cancellation);
        await cluster.Admin.ApplyAsync(Trail(name, RuleCases.Receiver("{}")), Cancellation);
        await cluster.Admin.ApplyAsync(
            Trail(name, RuleCases.Receiver("""{"placement": "ControlPlaneNodes", "port": 9444}""")), Cancellation);

        await cluster.Admin.RunAsync(["delete", "trail", name], Cancellation);
    }

    [Fact]
    public void EveryRuleIsTriedHere()
    {
        var tried = RuleCases.Wrong.Select(row => row.Data.Item2).Concat(RuleCases.WrongChanges.Select(row => row.Data.Item3))
            .Concat(RuleCases.WrongSelectors.Select(row => row.Data.Item2)).Append(RuleCases.ReservedName).ToHashSet();

        Assert.Empty(Messages(Crd.Trail).Concat(Messages(Crd.TrailSelector)).Except(tried));
    }

    static IEnumerable<string> Messages(JsonNode? schema) => schema switch
    {
        JsonObject one => (one["x-kubernetes-validations"]?.AsArray().Select(rule => (string)rule!["message"]!) ?? []).Concat(one.SelectMany(part => Messages(part.Value))),
        JsonArray list => list.SelectMany(Messages),
        _ => [],
    };

    static string Trail(string name, string change)
    {
        var spec = JsonNode.Parse("""
            {
              "clusterName": "prod",
              "sources": {"apiServer": {"type": "LogFile", "logFile": {"path": "/var/log/kubernetes/audit/audit.log"}}},
              "sink": {"type": "S3", "s3": {"bucket": "audit"}}
            }
            """)!.AsObject();
        Merge(spec, JsonNode.Parse(change)!.AsObject());
        return new JsonObject { ["apiVersion"] = "clustertrail.io/v1alpha1", ["kind"] = "Trail", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec }.ToJsonString();
    }

    static string Selector(string spec) => new JsonObject
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "TrailSelector",
        ["metadata"] = new JsonObject { ["name"] = "one", ["namespace"] = "default" },
        ["spec"] = JsonNode.Parse(spec),
    }.ToJsonString();

    // RFC 7386.
    static void Merge(JsonObject into, JsonObject change)
    {
        foreach (var (name, value) in change)
        {
            if (value is null)
                into.Remove(name);
            else if (value is JsonObject inner && into[name] is JsonObject there)
                Merge(there, inner);
            else
                into[name] = value.DeepClone();
        }
    }

    Task<TestCluster> WithCustomResourcesAsync() => CustomResources.AppliedAsync(fixture, Cancellation);
}

using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Fixtures.Tests.Cluster;

/// <summary>What our operator relies on, of any cluster.</summary>
[Requires(Requires.Cluster)]
public sealed class ClusterTests(ClusterFixture fixture)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWatchBeginsWithWhatIsThereAndABookmark()
    {
        var cluster = await fixture.StartedAsync();
        var name = await cluster.CreateNamespaceAsync(Cancellation);
        await cluster.Admin.RunAsync(["create", "configmap", "seen", "-n", name], Cancellation);

        var events = await cluster.Admin.RunAsync(
            ["get", "--raw", $"/api/v1/namespaces/{name}/configmaps?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1"],
            Cancellation);

        var lines = events.Split('\n');
        Assert.Contains(lines, line =>
            line.StartsWith("""{"type":"ADDED","object":{""", StringComparison.Ordinal)
                && line.Contains("\"seen\"", StringComparison.Ordinal));
        Assert.Contains(lines, line =>
            line.StartsWith("""{"type":"BOOKMARK","object":{""", StringComparison.Ordinal)
                && line.Contains("k8s.io/initial-events-end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AFieldOfAnotherManagerIsAConflict()
    {
        var cluster = await fixture.StartedAsync();
        var name = await cluster.CreateNamespaceAsync(Cancellation);
        Task<KubectlResult> ApplyAsync(string manager, string value, params string[] options) => cluster.Admin.TryApplyAsync(
            $$$"""{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shared", "namespace": "{{{name}}}"}, "data": {"key": "{{{value}}}"}}""",
            ["--field-manager", manager, .. options],
            Cancellation);

        var first = await ApplyAsync("first", "1");
        var second = await ApplyAsync("second", "2");
        var forced = await ApplyAsync("second", "2", "--force-conflicts");

        Assert.Equal((0, 1, 0), (first.ExitCode, second.ExitCode, forced.ExitCode));
        Assert.Contains("conflict with \"first\": .data.key", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARuleOfACustomResourceRefusesWithItsMessage()
    {
        var cluster = await fixture.StartedAsync();
        var name = await cluster.CreateNamespaceAsync(Cancellation);
        await using var widgets = await Widgets.DefineAsync(cluster.Admin, Cancellation);

        var good = await cluster.Admin.TryApplyAsync(widgets.Manifest(name, "good", size: 3, least: 1), [], Cancellation);
        var bad = await cluster.Admin.TryApplyAsync(widgets.Manifest(name, "bad", size: 1, least: 3), [], Cancellation);

        Assert.Equal((0, 1), (good.ExitCode, bad.ExitCode));
        Assert.Contains("size must be at least min", bad.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AServiceAccountMayDoWhatItsRoleSaysInItsNamespace()
    {
        var cluster = await fixture.StartedAsync();
        var name = await cluster.CreateNamespaceAsync(Cancellation);
        await cluster.Admin.RunAsync(["create", "serviceaccount", "reader", "-n", name], Cancellation);
        var reader = await cluster.AsServiceAccountAsync(name, "reader", Cancellation);

        var refused = await reader.TryAsync(["get", "configmaps", "-n", name], Cancellation);
        await cluster.Admin.RunAsync(["create", "role", "reads", "--verb=get,list", "--resource=configmaps", "-n", name], Cancellation);
        await cluster.Admin.RunAsync(
            ["create", "rolebinding", "reads", "--role=reads", $"--serviceaccount={name}:reader", "-n", name], Cancellation);

        Assert.Contains("Forbidden", refused.Error, StringComparison.Ordinal);
        Assert.Contains($"system:serviceaccount:{name}:reader", refused.Error, StringComparison.Ordinal);
        await Eventually.HoldsAsync("it may list", () => MayAsync(reader, "list", "configmaps", name), Cancellation);
        Assert.Equal(0, (await reader.TryAsync(["get", "cm", "-n", name], Cancellation)).ExitCode);
        Assert.False(await MayAsync(reader, "delete", "configmaps", name));
        Assert.False(await MayAsync(reader, "list", "configmaps", "default"));
    }

    [Fact]
    public async Task WhatHasNoOwnerAnyMoreIsCollected()
    {
        var cluster = await fixture.StartedAsync();
        var name = await cluster.CreateNamespaceAsync(Cancellation);
        await cluster.Admin.RunAsync(["create", "configmap", "owner", "-n", name], Cancellation);
        var owner = await cluster.Admin.RunAsync(["get", "configmap", "owner", "-n", name, "-o", "jsonpath={.metadata.uid}"], Cancellation);
        await cluster.Admin.ApplyAsync(
            $$$"""
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "owned", "namespace": "{{{name}}}",
              "ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "{{{owner}}}"}]}}
            """,
            Cancellation);

        await cluster.Admin.RunAsync(["delete", "configmap", "owner", "-n", name], Cancellation);

        await Eventually.HoldsAsync("the owned is gone", () => IsGoneAsync(cluster, "serviceaccount", "owned", name), Cancellation);
    }

    [Fact]
    public async Task ADeletedNamespaceIsEmptiedFirst()
    {
        var cluster = await fixture.StartedAsync();
        var name = await cluster.CreateNamespaceAsync(Cancellation);
        await cluster.Admin.RunAsync(["create", "configmap", "within", "-n", name], Cancellation);
        await cluster.Admin.RunAsync(
            ["patch", "configmap", "within", "-n", name, "--patch", """{"metadata":{"finalizers":["clustertrail.io/test"]}}"""],
            Cancellation);

        await cluster.Admin.RunAsync(["delete", "namespace", name, "--wait=false"], Cancellation);
        await Eventually.HoldsAsync(
            "it is terminating",
            async () => await cluster.Admin.RunAsync(["get", "ns", name, "-o", "jsonpath={.status.phase}"], Cancellation) is "Terminating",
            Cancellation);
        var late = await cluster.Admin.TryAsync(["create", "configmap", "late", "-n", name], Cancellation);
        await cluster.Admin.RunAsync(
            ["patch", "configmap", "within", "-n", name, "--patch", """{"metadata":{"finalizers":null}}"""], Cancellation);

        Assert.Contains("because it is being terminated", late.Error, StringComparison.Ordinal);
        await Eventually.HoldsAsync("it is gone", () => IsGoneAsync(cluster, "namespace", name, ""), Cancellation);
    }

    [Fact]
    public async Task AnAdmissionPolicyRefusesWithItsMessage()
    {
        var cluster = await fixture.StartedAsync();
        var name = await cluster.CreateNamespaceAsync(Cancellation);
        await cluster.Admin.ApplyAsync(
            $$$"""
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "{{{name}}}"}, "spec": {"failurePolicy": "Fail",
                "matchConstraints": {"matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {},
                  "resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"], "scope": "*"}]},
                "validations": [{"expression": "object.metadata.namespace != '{{{name}}}'", "message": "not here"}]}},
              {"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": "{{{name}}}"},
                "spec": {"policyName": "{{{name}}}", "validationActions": ["Deny"]}}]}
            """,
            Cancellation);

        await Eventually.HoldsAsync(
            "it refuses",
            async () =>
                (await cluster.Admin.TryAsync(["create", "configmap", $"c-{Guid.NewGuid():N}", "-n", name], Cancellation)).Error.Contains(
                    "not here", StringComparison.Ordinal),
            Cancellation);
    }

    static async Task<bool> MayAsync(KubectlUser user, string verb, string resource, string @namespace) =>
        (await user.TryAsync(["auth", "can-i", verb, resource, "-n", @namespace], Cancellation)).Output is "yes";

    static async Task<bool> IsGoneAsync(TestCluster cluster, string resource, string name, string @namespace) =>
        (await cluster.Admin.TryAsync(["get", resource, name, "-n", @namespace], Cancellation)).Error.Contains(
            "NotFound", StringComparison.Ordinal);
}

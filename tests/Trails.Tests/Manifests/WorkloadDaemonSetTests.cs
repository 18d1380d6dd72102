using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Trails.Tests.Manifests;

public sealed class WorkloadDaemonSetTests
{
    const string Output = """[{ "namespaces": ["shop"], "output": {} }]""";
    const string Processes = """[{ "namespaces": ["shop"], "processes": true }]""";

    [Fact]
    public void OnlyProcessesNeedCapabilitiesOfTheKernel()
    {
        Assert.Equal("""["DAC_READ_SEARCH"]""", Capabilities(Asking(Output)));
        Assert.Equal("""["DAC_READ_SEARCH","BPF","PERFMON"]""", Capabilities(Asking(Processes)));
        Assert.Equal(
            """["DAC_READ_SEARCH","BPF","PERFMON","SYS_ADMIN","SYS_RESOURCE"]""",
            Capabilities(Asking(Processes).With("spec.workloadAgent.sysAdmin", "true")));
        Assert.Equal("""["DAC_READ_SEARCH"]""", Capabilities(Asking(Output).With("spec.workloadAgent.sysAdmin", "true")));
    }

    [Fact]
    public void ItSharesNoNamespaceOfTheNodeAndHasNoToken()
    {
        var pod = Pod(Asking(Processes));

        Assert.Null(pod["hostPID"]);
        Assert.Null(pod["hostNetwork"]);
        Assert.Null(pod["hostIPC"]);
        Assert.False((bool)pod["automountServiceAccountToken"]!);
        Assert.True((bool)Container(pod)["securityContext"]!["readOnlyRootFilesystem"]!);
        Assert.False((bool)Container(pod)["securityContext"]!["allowPrivilegeEscalation"]!);
    }

    [Fact]
    public void ItSeesOfTheNodeItsContainersOutputAndItsOwnStateOnly()
    {
        Assert.Equal(["/var/log/pods", "/var/lib/clustertrail-workloads/main"], HostPaths(Asking(Output)));
        Assert.Equal(["/var/log/pods", "/var/log/containers", "/var/lib/clustertrail-workloads/main"], HostPaths(Asking(Processes)));
        var writable = Container(Pod(Asking(Processes)))["volumeMounts"]!.AsArray().Where(mount => mount!["readOnly"] is null);
        Assert.Equal(["/var/lib/clustertrail"], writable.Select(mount => (string?)mount!["mountPath"]));
    }

    [Fact]
    public void ItIsOnEveryNodeUnlessTheTrailSaysWhich()
    {
        var everywhere = Pod(Asking(Output));
        var somewhere = Pod(Asking(Output).With("spec.workloadAgent.nodeSelector", """{ "audited": "yes" }"""));

        Assert.Null(everywhere["affinity"]);
        Assert.Null(everywhere["nodeSelector"]);
        Assert.Equal("""[{"operator":"Exists"}]""", everywhere["tolerations"]!.ToJsonString());
        Assert.Equal("""{"audited":"yes"}""", somewhere["nodeSelector"]!.ToJsonString());
    }

    [Fact]
    public void OtherRulesOrNamespacesReplaceNoPods()
    {
        var before = Annotations(Asking(Output));

        Assert.Equal(before, Annotations(Asking("""[{ "namespaces": ["bank"], "output": { "format": "JSON" } }]""")));
        Assert.NotEqual(before, Annotations(Asking(Processes)));
        Assert.Equal(
            Annotations(Asking(Processes)), Annotations(Asking("""[{ "namespaces": ["bank"], "processes": true }]""")));
        Assert.Equal(before, Annotations(Asking(Output).With("spec.logging", "false")));
    }

    [Fact]
    public void DockersFolderIsMountedOnlyWhereItIsNamedAndOnlyToBeRead()
    {
        const string folder = "/var/lib/docker/containers";
        var named = Asking(Output).With("spec.workloadAgent", $$"""{ "dockerContainers": "{{folder}}" }""");

        Assert.DoesNotContain(folder, HostPaths(Asking(Output)));
        Assert.Contains(folder, HostPaths(named));
        var mount = Container(Pod(named))["volumeMounts"]!.AsArray().Single(one => (string?)one!["mountPath"] == folder)!;
        Assert.True((bool)mount["readOnly"]!);
        Assert.Equal(folder, WorkloadFiles.Of(
            named.ToTrail(), AgentFiles.Of(named.ToTrail()), WorkloadsAsked.Of(named.ToTrail().Spec, []), [])!
            .Configuration.Sources[0].Containers!.DockerPath);
    }

    [Fact]
    public void WithoutWorkloadsThereIsNone()
    {
        var trail = Some.Trail().ToTrail();
        var files = AgentFiles.Of(trail);

        Assert.Null(WorkloadFiles.Of(trail, files, WorkloadsAsked.Of(trail.Spec, []), []));
        // A TrailSelector with rules for events only asks for none either.
        Assert.Null(WorkloadFiles.Of(trail, files, WorkloadsAsked.Of(trail.Spec, []), [WrittenWorkloads.Of(Some.Selector().ToSelector())]));
        Assert.DoesNotContain(
            AgentManifests.Build(trail, files, Some.Inputs), one => one.Key.Name.EndsWith("-workloads", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIsMadeForItIsDeletedByName()
    {
        var trail = Asking(Processes).ToTrail();
        var made = Build(Asking(Processes)).Select(one => (one.Type.Kind, one.Key)).ToHashSet();

        var named = AgentManifests.References(trail, Some.Inputs.Namespace, podMonitors: false).Select(one => (one.Type.Kind, one.Key));

        Assert.Equal(made, named.ToHashSet());
    }

    static JsonObject Asking(string workloads) => Some.Trail().With("spec.workloads", workloads);

    static IReadOnlyList<JsonResource> Build(JsonObject json)
    {
        var trail = json.ToTrail();
        var files = AgentFiles.Of(trail);
        var workloads = WorkloadFiles.Of(trail, files, WorkloadsAsked.Of(trail.Spec, Some.Namespaces), []);
        return AgentManifests.Build(trail, files, Some.Inputs, workloads);
    }

    static JsonNode DaemonSet(JsonObject json) =>
        Build(json).Single(one => one.Type.Kind == "DaemonSet" && one.Key.Name == "clustertrail-main-workloads").Json["spec"]!;

    static JsonNode Pod(JsonObject json) => DaemonSet(json)["template"]!["spec"]!;

    static string Annotations(JsonObject json) => DaemonSet(json)["template"]!["metadata"]!["annotations"]!.ToJsonString();

    static JsonNode Container(JsonNode pod) => Assert.Single(pod["containers"]!.AsArray())!;

    static string Capabilities(JsonObject json) => Container(Pod(json))["securityContext"]!["capabilities"]!["add"]!.ToJsonString();

    static IEnumerable<string> HostPaths(JsonObject json) =>
        Pod(json)["volumes"]!.AsArray().Select(volume => (string?)volume!["hostPath"]?["path"]).OfType<string>();
}

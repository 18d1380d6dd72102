using System.Text.Json.Nodes;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Trails.Tests.Manifests;

public sealed class AgentDaemonSetTests
{
    [Fact]
    public void AnAgentHasOneRightMoreThanNone()
    {
        var pod = Pod(Some.Trail());
        var container = Container(pod);

        Assert.Equal(
            """{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"],"add":["DAC_READ_SEARCH"]}}""",
            container["securityContext"]!.ToJsonString());
        Assert.Equal("""{"runAsUser":0,"runAsGroup":0,"runAsNonRoot":false,"seccompProfile":{"type":"RuntimeDefault"}}""",
            pod["securityContext"]!.ToJsonString());
        Assert.Null(pod["hostNetwork"]);
        Assert.Null(pod["hostPID"]);
        Assert.Null(pod["hostIPC"]);
        Assert.False((bool)pod["automountServiceAccountToken"]!);
    }

    [Fact]
    public void ItCanWriteItsStateAndNothingElse()
    {
        var mounts = Container(Pod(Some.FullTrail()))["volumeMounts"]!.AsArray();

        var writable = mounts.Where(mount => mount!["readOnly"] is null).Select(mount => (string)mount!["mountPath"]!);

        Assert.Equal(["/var/lib/clustertrail"], writable);
        Assert.DoesNotContain(mounts, mount => mount!["subPath"] is not null);
    }

    [Fact]
    public void ItSeesOfTheNodeItsLogAndItsStateOnly()
    {
        var paths = Pod(Some.Trail())["volumes"]!.AsArray().Select(volume => (string?)volume!["hostPath"]?["path"]).OfType<string>();

        Assert.Equal(["/var/log/kubernetes/audit", "/var/lib/clustertrail/main"], paths);
    }

    [Fact]
    public void SecretsAreForTheirOwnerOnly()
    {
        var secrets = Pod(Some.FullTrail())["volumes"]!.AsArray().Select(volume => volume!["secret"]).OfType<JsonObject>().ToDictionary(
            secret => (string)secret["secretName"]!);

        Assert.All(secrets.Values, secret => Assert.Equal(Convert.ToInt32("0400", 8), (int)secret["defaultMode"]!));
        Assert.Equal(["accessKeyId", "secretAccessKey", "sessionToken"], Paths(secrets["audit-writer"]));
        Assert.Equal(["secret"], Paths(secrets["webhook-signing"]));

        static IEnumerable<string> Paths(JsonObject secret) => secret["items"]!.AsArray().Select(item => (string)item!["path"]!);
    }

    [Fact]
    public void ItMayTakeLongerToEndThanItsGrace() =>
        Assert.True(
            (int)Pod(Some.Trail())["terminationGracePeriodSeconds"]! > AgentFiles.Of(
                Some.Trail().ToTrail()).Configuration.ShutdownGraceSeconds);

    [Fact]
    public void OnlyWhatIsReadAtTheStartReplacesPods()
    {
        var before = Annotations(Some.Trail(), Some.Inputs);

        Assert.NotEqual(before, Annotations(Some.Trail().With("spec.batch", """{ "compression": { "level": 9 } }"""), Some.Inputs));
        Assert.NotEqual(before, Annotations(Some.Trail(), Some.Inputs with { ReferencesHash = "another" }));
        Assert.Equal(before, Annotations(Some.Trail().With("spec.logging", "false"), Some.Inputs));
        Assert.Equal(before, Annotations(Some.Trail().With("spec.selectors", "[]"), Some.Inputs));
        Assert.Equal(before, Annotations(Some.Trail(), Some.Inputs, attached: AgentFiles.RuleSet(Some.Selector().ToSelector())));
        Assert.Equal(before, Annotations(Some.Trail().With("spec.detections", """{ "packs": [] }"""), Some.Inputs));
        Assert.Equal(before, Annotations(Some.Trail(), Some.Inputs, ruleFile: Some.RuleFile()));
        Assert.NotEqual(before,
            Annotations(Some.Trail().With("spec.notifications.webhook", """{ "url": "https://hooks.example.com" }"""), Some.Inputs));
        Assert.Equal(before, Annotations(Some.Trail(), Some.Inputs with { Version = "2.0.0" }));
    }

    [Fact]
    public void TheHashIsThatOfTheFileInTheConfigMapWhileLoggingIsOn()
    {
        var objects = Build(Some.Trail(), Some.Inputs);
        var file = (string)objects.Single(one => one.Type.Kind == "ConfigMap").Json["data"]!["agent.json"]!;

        Assert.Contains(AgentFiles.Hash(file), Annotations(Some.Trail(), Some.Inputs), StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsOfATrailDoNotHideItsPods()
    {
        var labels = DaemonSet(Some.Trail().With("spec.agent.podLabels", """{ "app.kubernetes.io/name": "mine", "team": "a" }"""),
            Some.Inputs)["template"]!["metadata"]!["labels"]!;

        Assert.Equal("clustertrail-agent", (string?)labels["app.kubernetes.io/name"]);
        Assert.Equal("a", (string?)labels["team"]);
    }

    [Fact]
    public void WithoutAUidATrailOwnsNothing() =>
        Assert.All(Build(Some.Trail(), Some.Inputs), one => Assert.Null(one.Json["metadata"]!["ownerReferences"]));

    [Fact]
    public void EveryNameIsWithinItsLimit()
    {
        var longest = Some.Trail().With("metadata.name", $"\"{new string('a', 50)}\"").ToTrail();

        var objects = AgentManifests.Build(longest, AgentFiles.Of(longest), Some.Inputs);

        Assert.Empty(TrailProblems.Of(longest));
        Assert.All(objects, one => Assert.InRange(one.Key.Name.Length, 1, 253));
        Assert.All(objects.SelectMany(one => one.Json["metadata"]!["labels"]!.AsObject()), label =>
            Assert.InRange(((string)label.Value!).Length, 1, 63));
    }

    static IReadOnlyList<JsonResource> Build(JsonObject json, AgentInputs inputs, RuleSet? attached = null, TrailRuleFile? ruleFile = null)
    {
        var trail = json.ToTrail();
        var files = AgentFiles.Of(trail, ruleFile is null ? [] : [ruleFile]).With(attached is null ? [] : [attached]);
        return AgentManifests.Build(trail, files, inputs);
    }

    static JsonObject DaemonSet(JsonObject trail, AgentInputs inputs) => DaemonSet(Build(trail, inputs));

    static JsonObject DaemonSet(IReadOnlyList<JsonResource> objects) =>
        objects.Single(one => one.Type.Kind == "DaemonSet").Json["spec"]!.AsObject();

    static JsonObject Pod(JsonObject trail) => DaemonSet(trail, Some.Inputs)["template"]!["spec"]!.AsObject();

    static JsonNode Container(JsonObject pod) => Assert.Single(pod["containers"]!.AsArray())!;

    static string Annotations(JsonObject trail, AgentInputs inputs, RuleSet? attached = null, TrailRuleFile? ruleFile = null) =>
        DaemonSet(Build(trail, inputs, attached, ruleFile))["template"]!["metadata"]!["annotations"]!.ToJsonString();
}

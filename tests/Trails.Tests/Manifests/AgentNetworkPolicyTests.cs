using System.Text.Json.Nodes;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Trails.Tests.Manifests;

public sealed class AgentNetworkPolicyTests
{
    [Fact]
    public void AFolderNeedsNoNetwork()
    {
        var policy = Policy(Some.DirectoryTrail());

        Assert.Null(policy["egress"]);
        Assert.Equal("""["Ingress","Egress"]""", policy["policyTypes"]!.ToJsonString());
    }

    [Fact]
    public void TelemetryIsAllThatCanBeAsked() =>
        Assert.Equal("""[{"ports":[{"port":9909,"protocol":"TCP"}]}]""",
            Policy(Some.Trail().With("spec.telemetry.port", "9909"))["ingress"]!.ToJsonString());

    [Fact]
    public void OnlyWhoPollsAndScrapesMayAskIfTheyAreKnown()
    {
        const string peers = """[{"podSelector":{"matchLabels":{"a":"b"}}},{"ipBlock":{"cidr":"192.0.2.0/24"}}]""";

        var rule = Policy(Some.Trail(), peers)["ingress"]![0]!;

        Assert.Equal(peers, rule["from"]!.ToJsonString());
        Assert.Equal("""[{"port":9808,"protocol":"TCP"}]""", rule["ports"]!.ToJsonString());
    }

    [Theory]
    [InlineData("spec.sink.s3.region", "\"eu-central-1\"", 53, 80, 443)]
    [InlineData("spec.sink.s3.endpoint", "\"https://s3.example.com\"", 53, 80, 443)]
    [InlineData(
        "spec.sink.s3",
        """{ "bucket": "audit", "endpoint": "http://s3.example.com", "credentials": { "type": "Secret", "secret": { "name": "a" } } }""",
        53, 80)]
    [InlineData(
        "spec.sink.s3",
        """{ "bucket": "audit", "endpoint": "https://s3.example.com:9443", "credentials": { "type": "Secret", "secret": { "name": "a" } } }""",
        53, 9443)]
    [InlineData("spec.sink.s3", """{ "bucket": "audit", "credentials": { "type": "Secret", "secret": { "name": "a" } } }""", 53, 443)]
    [InlineData("spec.telemetry.otlp", """{ "endpoint": "http://collector.example.com:4317" }""", 53, 80, 443, 4317)]
    [InlineData(
        "spec.agent.extraEnv",
        """[{ "name": "HTTPS_PROXY", "value": "http://proxy:3128" }, { "name": "OTHER", "value": "x" }, { "name": "NODE", "valueFrom": {} }]""",
        53, 80, 443, 3128)]
    [InlineData("spec.notifications.webhook", """{ "url": "https://hooks.example.com:8443/a" }""", 53, 80, 443, 8443)]
    public void ThePortsOfWhatIsNamedAreOpen(string field, string json, params int[] ports)
    {
        var egress = Policy(Some.Trail().With(field, json))["egress"]!.AsArray();

        var open = egress.SelectMany(rule => rule!["ports"]?.AsArray() ?? []).Select(port => (int)port!["port"]!).Distinct().Order();

        Assert.Equal(ports, open);
    }

    [Fact]
    public void AFolderWithAWebhookNeedsTheWebhooksPortOnly()
    {
        var egress = Policy(
            Some.DirectoryTrail()
                .With("spec.notifications.webhook", """{ "url": "http://hooks.security.svc:8080" }"""))["egress"]!.AsArray();

        Assert.Equal(
            """[{"ports":[{"port":53,"protocol":"UDP"},{"port":53,"protocol":"TCP"}]},{"ports":[{"port":8080,"protocol":"TCP"}]},{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"security"}}}]}]""",
            egress.ToJsonString());
    }

    [Fact]
    public void AServiceMayHaveAnotherPortThanItsPods()
    {
        var egress = Policy(Some.Trail().With("spec.sink.s3.endpoint", "\"http://minio.storage.svc.cluster.local\""))["egress"]!.AsArray();

        Assert.Equal(
            """{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"storage"}}}]}""",
            egress[^1]!.ToJsonString());
    }

    static JsonNode Policy(JsonObject trail, string? telemetryPeers = null) =>
        AgentManifests.Build(trail.ToTrail(), AgentFiles.Of(trail.ToTrail()), Some.Inputs with { TelemetryPeers = telemetryPeers })
            .Single(one => one.Type.Kind == "NetworkPolicy").Json["spec"]!;
}

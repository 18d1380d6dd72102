using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The connections of agents: scrapers, name servers, the sink, a collector and a webhook.</summary>
static class AgentNetworkPolicy
{
    const int Dns = 53;
    const int Http = 80;
    const int Https = 443;
    const int Amqps = 5671;

    // Where a cloud's instances and EKS's pods get their credentials.
    static readonly string[] CredentialServers = ["169.254.169.254/32", "169.254.170.23/32", "fd00:ec2::254/128", "fd00:ec2::23/128"];

    public static JsonResource Build(Trail trail, AgentInputs inputs) => AgentObject.Of(ResourceType.Of<V1NetworkPolicy>(), new()
    {
        ["metadata"] = AgentObject.Metadata(trail, inputs, new AgentNames(trail.Metadata.Name).Shared),
        ["spec"] = new JsonObject
        {
            ["podSelector"] = AgentObject.Selecting(trail),
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = new JsonArray([Ingress(trail.Spec, inputs.TelemetryPeers), .. Receiver(trail.Spec.Sources.ApiServer)]),
            ["egress"] = new JsonArray([.. Egress(trail.Spec)]),
        },
    });

    // Whatever it says, network plugins let in the kubelet of the pod's own node, for its probes.
    static JsonObject Ingress(TrailSpec trail, string? peers)
    {
        var rule = new JsonObject { ["ports"] = new JsonArray(Port(trail.Telemetry.Port)) };
        if (peers is not null)
            rule["from"] = JsonNode.Parse(peers);
        return rule;
    }

    // API servers are outside of the pods' network; without a client certificate, or a secret path, nobody is answered.
    static IEnumerable<JsonNode> Receiver(ApiServerSource source) =>
        source.Called() is { } called ? [new JsonObject { ["ports"] = new JsonArray(Port(called.Port)) }] : [];

    static IEnumerable<JsonObject> Egress(TrailSpec trail)
    {
        var s3 = trail.Sink is { Type: SinkType.S3, S3: { } sink } ? sink : null;
        var bucket = trail.Sources.ApiServer is { Type: ApiServerSourceType.Bucket, Bucket: { } feed } ? feed : null;
        string[] urls =
        [
            .. new[]
            {
                bucket?.Endpoint, bucket?.QueueUrl, s3?.Endpoint, trail.Telemetry.Otlp?.Endpoint, trail.Notifications.Webhook?.Url,
            }.OfType<string>(),
            .. Urls(trail.Agent),
        ];
        var hasHub = trail.Sources.ApiServer.Type == ApiServerSourceType.EventHubs;
        if (s3 is null && bucket is null && !hasHub && urls.Length == 0)
            yield break; // no name to resolve

        // Amazon's own: S3 without an endpoint, and STS, which exchanges a web identity for credentials.
        var amazon = IsAmazon(s3?.Endpoint, s3?.Credentials) || IsAmazon(bucket?.Endpoint, bucket?.Credentials);
        yield return To(Port(Dns, "UDP"), Port(Dns));
        int[] ports = [.. urls.Select(PortOf), .. amazon ? [Https] : Array.Empty<int>(), .. hasHub ? [Amqps] : Array.Empty<int>()];
        yield return To([.. ports.Distinct().Order().Select(port => Port(port))]);
        if (new[] { s3?.Credentials, bucket?.Credentials }.Any(credentials => credentials?.Type == TrailCredentialsType.Default))
            yield return ToCredentialServers();
        foreach (var @namespace in urls.Select(NamespaceOf).OfType<string>().Distinct())
            yield return ToNamespace(@namespace);
    }

    static bool IsAmazon(string? endpoint, TrailCredentials? credentials) =>
        credentials is not null && (endpoint is null || credentials.Type == TrailCredentialsType.Default);

    // For example a proxy: further destinations of the agents.
    static IEnumerable<string> Urls(AgentSpec agent) =>
        from variable in AgentVolumes.Copies(agent.ExtraEnv)
        let value = variable["value"] is JsonValue text && text.TryGetValue<string>(out var known) ? known : ""
        where HttpUrl.Is(value)
        select value;

    static JsonObject To(params JsonObject[] ports) => new() { ["ports"] = new JsonArray([.. ports]) };

    static JsonObject ToCredentialServers() => new()
    {
        ["to"] = new JsonArray(
            [.. CredentialServers.Select(server => new JsonObject { ["ipBlock"] = new JsonObject { ["cidr"] = server } })]),
        ["ports"] = new JsonArray(Port(Http)),
    };

    // A policy sees the port of a Service's pods and not the Service's own, which the URL has.
    static JsonObject ToNamespace(string @namespace) => new()
    {
        ["to"] = new JsonArray(new JsonObject
        {
            ["namespaceSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["kubernetes.io/metadata.name"] = @namespace } },
        }),
    };

    static int PortOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var known) ? known.Port : Https;

    /// <summary>The namespace of a Service's name, such as <c>minio.storage.svc</c>; null for other hosts.</summary>
    static string? NamespaceOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var known) && known.Host.Split('.') is [_, var @namespace, "svc", ..] ? @namespace : null;

    static JsonObject Port(int port, string protocol = "TCP") => new() { ["port"] = port, ["protocol"] = protocol };
}

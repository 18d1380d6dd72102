using System.Text.Json.Nodes;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The one container of an agent's pod.</summary>
static class AgentContainer
{
    /// <summary>Variables whose value is another in each pod.</summary>
    public static IReadOnlyList<string> OwnVariables { get; } = ["NODE_NAME", "POD_IP"];

    public static JsonObject Build(Trail trail, RoleFiles role, AgentInputs inputs, IReadOnlyList<AgentVolume> volumes)
    {
        var agent = role.Agent;
        return new()
        {
            ["name"] = "agent",
            ["image"] = agent.Image ?? inputs.Image,
            ["imagePullPolicy"] = agent.ImagePullPolicy,
            ["args"] = new JsonArray("run", "--config", $"{AgentPaths.Configuration}/{AgentPaths.AgentFile}"),
            ["env"] = Environment(trail, role, inputs),
            ["ports"] = new JsonArray([.. Ports(trail.Spec, role.Role)]),
            ["startupProbe"] = Probe("/healthz", periodSeconds: 2, failureThreshold: 60),
            ["livenessProbe"] = Probe("/healthz", periodSeconds: 20, failureThreshold: 3),
            ["readinessProbe"] = Probe("/readyz", periodSeconds: 10, failureThreshold: 3),
            // The reason why a configuration is rejected is then in the pod's status, for those who may not read logs.
            ["terminationMessagePolicy"] = "FallbackToLogsOnError",
            ["resources"] = Resources(agent),
            ["securityContext"] = SecurityContext(role.Capabilities(trail).ToList()),
            ["volumeMounts"] = new JsonArray([.. volumes.Select(volume => volume.Mount), .. AgentVolumes.Copies(agent.ExtraVolumeMounts)]),
        };
    }

    static IEnumerable<JsonNode> Ports(TrailSpec trail, AgentRole role)
    {
        yield return new JsonObject
        {
            ["name"] = AgentNames.TelemetryPort,
            ["containerPort"] = trail.Telemetry.Port,
            ["protocol"] = "TCP",
        };
        // Of the node's own address alone: the API server beside the agent reaches it there.
        if (role == AgentRole.ApiServer && trail.Sources.ApiServer.Called() is { } called)
        {
            var isOfNode = !called.IsService;
            yield return new JsonObject
            {
                ["name"] = AgentNames.ReceiverPort,
                ["containerPort"] = called.Port,
                ["hostIP"] = isOfNode ? "127.0.0.1" : null,
                ["hostPort"] = isOfNode ? called.Port : null,
                ["protocol"] = "TCP",
            };
        }
    }

    static JsonObject SecurityContext(IReadOnlyList<string> capabilities) => new()
    {
        ["allowPrivilegeEscalation"] = false,
        ["readOnlyRootFilesystem"] = true,
        ["capabilities"] = new JsonObject
        {
            ["drop"] = new JsonArray("ALL"),
            ["add"] = new JsonArray([.. capabilities.Select(capability => (JsonNode)capability)]),
        },
    };

    static JsonArray Environment(Trail trail, RoleFiles role, AgentInputs inputs)
    {
        var theirs = AgentVolumes.Copies(role.Agent.ExtraEnv);
        var replaced = theirs.Select(variable => (string?)variable["name"]).ToHashSet();
        return new([.. Own(trail, role, inputs).Where(variable => !replaced.Contains((string?)variable["name"])), .. theirs]);
    }

    static IEnumerable<JsonObject> Own(Trail trail, RoleFiles role, AgentInputs inputs)
    {
        yield return OfPod("NODE_NAME", "spec.nodeName");
        yield return OfPod("POD_IP", "status.podIP");
        // The runtime would want a socket in /tmp, and the root file system is read-only.
        yield return Variable("DOTNET_EnableDiagnostics", "0");
        yield return Variable(SignedAnswer.KeyVariable, $"{AgentPaths.StatusKey}/{StatusKeySecret.Key}");
        if (trail.Spec.Telemetry.Otlp is { } otlp)
        {
            yield return Variable("OTEL_EXPORTER_OTLP_ENDPOINT", otlp.Endpoint);
            yield return Variable("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
            yield return Variable("OTEL_RESOURCE_ATTRIBUTES", ResourceAttributes(trail, role, inputs));
        }
    }

    static string ResourceAttributes(Trail trail, RoleFiles role, AgentInputs inputs) =>
        $"k8s.pod.ip=$(POD_IP),k8s.namespace.name={inputs.Namespace},{Made(trail, role)}";

    static string Made(Trail trail, RoleFiles role) => role.IsCollected(trail)
        ? $"k8s.statefulset.name={new AgentNames(trail.Metadata.Name).StatefulSet}"
        : $"k8s.daemonset.name={role.DaemonSet(trail)}";

    static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    static JsonObject OfPod(string name, string field) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = field } },
    };

    static JsonObject Probe(string path, int periodSeconds, int failureThreshold) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = AgentNames.TelemetryPort },
        ["periodSeconds"] = periodSeconds,
        ["timeoutSeconds"] = 5,
        ["failureThreshold"] = failureThreshold,
    };

    static JsonNode Resources(AgentSpec agent) => agent.Resources?.DeepClone() ?? new JsonObject
    {
        ["requests"] = new JsonObject { ["cpu"] = "100m", ["memory"] = "128Mi" },
        ["limits"] = new JsonObject { ["memory"] = "512Mi" },
    };
}

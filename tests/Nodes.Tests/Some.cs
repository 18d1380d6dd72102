using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Tests;

/// <summary>Test data: objects much like those of a Trail.</summary>
static class Some
{
    public const string Namespace = "audit";
    public const string Image = "agent:1";
    public const int Port = 9465;

    public const string AgentJson =
        """
        {"clusterName": "prod", "trail": "main", "logging": true, "selectors": "selectors.json", "telemetry": {"listen": "0.0.0.0:9465"},
         "sources": [{"name": "apiserver", "logFile": {"path": "/var/log/audit.log"}}]}
        """;

    public static JsonResource ConfigMapOf(string agentJson = AgentJson, string selectors = "{}") => new(ResourceType.Of<V1ConfigMap>(), new()
    {
        ["metadata"] = new JsonObject { ["name"] = "agent", ["namespace"] = Namespace },
        ["data"] = new JsonObject { ["agent.json"] = agentJson, ["selectors.json"] = selectors },
    });

    /// <summary>A DaemonSet's status, in the order of <c>kubectl get daemonset</c>.</summary>
    public static V1DaemonSetStatus Counts(
        int desired, int current, int ready, int misscheduled, int updated, int available, int unavailable,
        long observedGeneration) => new()
        {
            DesiredNumberScheduled = desired,
            CurrentNumberScheduled = current,
            NumberReady = ready,
            NumberMisscheduled = misscheduled,
            UpdatedNumberScheduled = updated,
            NumberAvailable = available,
            NumberUnavailable = unavailable,
            ObservedGeneration = observedGeneration,
        };

    /// <summary>A DaemonSet of agents on control-plane nodes.</summary>
    /// <param name="edit">Changes the spec of its template.</param>
    public static JsonResource DaemonSetOf(Action<JsonObject>? edit = null, string revision = "1")
    {
        var spec = (JsonObject)JsonNode.Parse(
            """
            {
              "nodeSelector": {"node-role.kubernetes.io/control-plane": ""},
              "tolerations": [{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"}],
              "terminationGracePeriodSeconds": 20,
              "securityContext": {"runAsUser": 0, "runAsNonRoot": false, "seccompProfile": {"type": "RuntimeDefault"}},
              "containers": [{
                "name": "agent", "image": "agent:1",
                "args": ["run", "--config", "/etc/agent/agent.json"],
                "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
                "ports": [{"name": "telemetry", "containerPort": 9465}],
                "startupProbe": {"httpGet": {"path": "/healthz", "port": "telemetry"},
                  "periodSeconds": 2, "failureThreshold": 5, "timeoutSeconds": 5},
                "livenessProbe": {"httpGet": {"path": "/healthz", "port": "telemetry"},
                  "periodSeconds": 20, "failureThreshold": 3, "timeoutSeconds": 5},
                "readinessProbe": {"httpGet": {"path": "/readyz", "port": "telemetry"},
                  "periodSeconds": 10, "failureThreshold": 3, "timeoutSeconds": 5},
                "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]}},
                "volumeMounts": [{"name": "config", "mountPath": "/etc/agent", "readOnly": true},
                  {"name": "log", "mountPath": "/var/log", "readOnly": true}]
              }],
              "volumes": [{"name": "config", "configMap": {"name": "agent"}},
                {"name": "log", "hostPath": {"path": "/var/log", "type": "Directory"}}]
            }
            """)!;
        edit?.Invoke(spec);
        var labels = new JsonObject { ["app"] = "agent" };
        return new(ResourceType.Of<V1DaemonSet>(), new()
        {
            ["metadata"] = new JsonObject { ["name"] = "agents", ["namespace"] = Namespace },
            ["spec"] = new JsonObject
            {
                ["selector"] = new JsonObject { ["matchLabels"] = labels },
                ["updateStrategy"] = new JsonObject
                {
                    ["type"] = "RollingUpdate",
                    ["rollingUpdate"] = new JsonObject { ["maxUnavailable"] = 1 },
                },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["labels"] = labels.DeepClone(),
                        ["annotations"] = new JsonObject { ["revision"] = revision },
                    },
                    ["spec"] = spec,
                },
            },
        });
    }
}

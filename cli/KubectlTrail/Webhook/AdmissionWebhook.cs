using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Kubectl.Webhook;

/// <summary>The webhook by which API servers ask the agent of a Trail of type Admission.</summary>
static class AdmissionWebhook
{
    internal static async Task WriteAsync(Trail trail, string @namespace, Func<ObjectKey, Task<V1Secret?>> find, Terminal terminal)
    {
        terminal.Output.Write(Encoding.UTF8.GetBytes(await ConfigurationAsync(trail, @namespace, find)));
        terminal.Output.Flush();
    }

    /// <exception cref="TrailException">Its Secrets are not there.</exception>
    internal static async Task<string> ConfigurationAsync(Trail trail, string @namespace, Func<ObjectKey, Task<V1Secret?>> find)
    {
        var name = trail.Metadata.Name;
        var authority = await ReceiverSecret.FindAsync(trail, new(@namespace, ReceiverSecrets.Authority(name)), find);
        var secret = await ReceiverSecret.FindAsync(trail, new(@namespace, ReceiverSecrets.Admission(name)), find);
        var token = Encoding.ASCII.GetString(ReceiverSecret.Bytes(secret, ReceiverSecrets.Token)).Trim();
        var names = new AgentNames(name);
        var port = trail.Spec.Sources.ApiServer.Asked()!.Port;
        return $$"""
            # Whoever reads this object can add events to Trail {{name}}, by its path, and nothing else. It allows everything.
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata:
              name: {{names.Shared}}
              labels:
                app.kubernetes.io/name: clustertrail-agent
                app.kubernetes.io/instance: {{name}}
            webhooks:
            - name: admission.clustertrail.io
              admissionReviewVersions: [v1]
              clientConfig:
                service: {namespace: {{@namespace}}, name: {{names.Receiver}}, port: {{port}}, path: /admission/{{token}}}
                caBundle: {{ReceiverSecret.Value(authority, ReceiverSecrets.Authorities)}}
              rules:
              - {apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"], scope: "*", operations: [CREATE, UPDATE, DELETE, CONNECT]}
              namespaceSelector:
                matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [{{@namespace}}]}]
              failurePolicy: Ignore
              matchPolicy: Exact
              sideEffects: None
              timeoutSeconds: 1

            """;
    }
}

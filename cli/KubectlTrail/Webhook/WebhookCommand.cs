using System.CommandLine;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Kubectl.Webhook;

/// <summary><c>kubectl trail webhook</c>: the kubeconfig with which kube-apiserver sends its events to a Trail's agents.</summary>
static class WebhookCommand
{
    internal const string Examples = """
        Examples:
          # The file for kube-apiserver's --audit-webhook-config-file, the same for each control-plane node
          kubectl trail webhook main > audit-webhook.yaml && chmod 600 audit-webhook.yaml
        """;

    const string DefaultNamespace = "clustertrail-system";

    static readonly Argument<string> Name = new("TRAIL") { Description = "A Trail whose spec.sources.apiServer.type is Webhook." };

    static readonly Option<string> Namespace = new("--namespace", "-n")
    {
        Description = "The operator's namespace.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultNamespace,
    };

    internal static Command Build(Terminal terminal)
    {
        var command = new Command(
            "webhook", "Prints the kubeconfig for kube-apiserver's --audit-webhook-config-file, with the client certificate in it: keep it secret.")
        {
            Name, Namespace, ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var cluster = new ClusterReader(ClusterOption.Find(arguments));
            var (name, @namespace) = (arguments.GetRequiredValue(Name), arguments.GetRequiredValue(Namespace));
            var trail = await cluster.FindAsync<Trail>(new(null, name), cancellationToken)
                ?? throw new TrailException(ExitCode.BadUsage, $"There is no Trail {name} in {cluster.Name}");
            var text = await KubeconfigAsync(trail, @namespace, key => cluster.FindAsync<V1Secret>(key, cancellationToken));
            terminal.Output.Write(Encoding.UTF8.GetBytes(text));
            terminal.Output.Flush();
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <exception cref="TrailException">The Trail receives nothing, or its Secrets are not there.</exception>
    internal static async Task<string> KubeconfigAsync(Trail trail, string @namespace, Func<ObjectKey, Task<V1Secret?>> find)
    {
        var name = trail.Metadata.Name;
        if (trail.Spec.Sources.ApiServer.Receiver() is not { } webhook)
            throw new TrailException(ExitCode.BadUsage, $"spec.sources.apiServer.type of Trail {name} is LogFile; it receives nothing");
        if (webhook.CertificateSecretName is { } given)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"Trail {name} has its certificates from Secret {given}: whoever made that has the client certificate of API servers too. "
                    + $"{PolicyHint}");
        }

        var authority = await SecretAsync(new(@namespace, ReceiverSecrets.Authority(name)));
        var client = await SecretAsync(new(@namespace, ReceiverSecrets.Client(name)));
        return $$"""
            # For kube-apiserver's --audit-webhook-config-file, with mode 0600: whoever has it can add events to Trail {{name}}.
            apiVersion: v1
            kind: Config
            current-context: clustertrail
            contexts:
            - name: clustertrail
              context:
                cluster: clustertrail
                user: kube-apiserver
            clusters:
            - name: clustertrail
              cluster:
                server: https://127.0.0.1:{{webhook.Port}}/audit
                certificate-authority-data: {{Value(authority, ReceiverSecrets.Authorities)}}
            users:
            - name: kube-apiserver
              user:
                client-certificate-data: {{Value(client, ReceiverSecrets.Certificate)}}
                client-key-data: {{Value(client, ReceiverSecrets.Key)}}

            """;

        async Task<V1Secret> SecretAsync(ObjectKey key) => await find(key) ?? throw new TrailException(
            ExitCode.Unreadable,
            $"Secret {key} does not exist: the operator makes it when the Trail is valid (kubectl trail status {name}); name the operator's "
                + "namespace with --namespace");

        static string Value(V1Secret secret, string key) => secret.Data?.TryGetValue(key, out var value) == true
            ? Convert.ToBase64String(value)
            : throw new TrailException(ExitCode.Unreadable, $"Secret {secret.Metadata.Name} has no {key}");
    }

    const string PolicyHint = "docs/sources.md shows the kubeconfig";
}

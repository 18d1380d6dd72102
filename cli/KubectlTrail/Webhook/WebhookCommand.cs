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

/// <summary>
/// <c>kubectl trail webhook</c>: the kubeconfig with which kube-apiserver sends its events to a Trail's agents, or the webhook by which
/// it asks.
/// </summary>
static class WebhookCommand
{
    internal const string Examples = """
        Examples:
          # The file for kube-apiserver's --audit-webhook-config-file, the same for each control-plane node
          kubectl trail webhook main > audit-webhook.yaml && chmod 600 audit-webhook.yaml

          # The ValidatingWebhookConfiguration of a Trail whose type is Admission
          kubectl trail webhook asked | kubectl apply -f -

          # For API servers that reach the Service of a Trail with placement Service at an address of yours
          kubectl trail webhook hosted --server audit.example.com:9443 > audit-webhook.yaml
        """;

    const string DefaultNamespace = "clustertrail-system";

    static readonly Argument<string> Name = new("TRAIL")
    {
        Description = "A Trail whose spec.sources.apiServer.type is Webhook or Admission.",
    };

    static readonly Option<string> Namespace = new("--namespace", "-n")
    {
        Description = "The operator's namespace.",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultNamespace,
    };

    static readonly Option<string?> Server = new("--server")
    {
        Description =
            "Where API servers reach the Service of a Trail with placement Service. The default is the Service's address in the cluster.",
        HelpName = "HOST:PORT",
    };

    internal static Command Build()
    {
        var command = new Command(
            "webhook",
            "Prints the kubeconfig for kube-apiserver's --audit-webhook-config-file, with the client certificate in it, or a "
                + "ValidatingWebhookConfiguration with the secret path in it: keep it secret.")
        {
            Name, Namespace, Server, ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var terminal = Terminal.Of(arguments);
            using var cluster = new ClusterReader(ClusterOption.Find(arguments));
            var (name, @namespace) = (arguments.GetRequiredValue(Name), arguments.GetRequiredValue(Namespace));
            var trail = await cluster.FindAsync<Trail>(new(null, name), cancellationToken)
                ?? throw new TrailException(ExitCode.BadUsage, $"There is no Trail {name} in {cluster.Name}");
            if (trail.Spec.Sources.ApiServer.Asked() is not null)
            {
                await AdmissionWebhook.WriteAsync(trail, @namespace, key => cluster.FindAsync<V1Secret>(key, cancellationToken), terminal);
                return (int)ExitCode.Ok;
            }

            var server = Given(arguments.GetValue(Server), trail)
                ?? await AddressAsync(trail, key => cluster.FindAsync<V1Service>(key, cancellationToken), @namespace);
            var text = await KubeconfigAsync(trail, @namespace, server, key => cluster.FindAsync<V1Secret>(key, cancellationToken));
            terminal.Output.Write(Encoding.UTF8.GetBytes(text));
            terminal.Output.Flush();
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <exception cref="TrailException">The Trail receives nothing, or its Secrets are not there.</exception>
    internal static async Task<string> KubeconfigAsync(
        Trail trail, string @namespace, string? server, Func<ObjectKey, Task<V1Secret?>> find)
    {
        var name = trail.Metadata.Name;
        if (trail.Spec.Sources.ApiServer.Receiver() is not { } webhook)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"spec.sources.apiServer.type of Trail {name} is {trail.Spec.Sources.ApiServer.Type}; it receives nothing");
        }

        if (webhook.CertificateSecretName is { } given)
        {
            throw new TrailException(
                ExitCode.BadUsage,
                $"Trail {name} has its certificates from Secret {given}: whoever made that has the client certificate of API servers too. "
                    + $"{PolicyHint}");
        }

        var authority = await ReceiverSecret.FindAsync(trail, new(@namespace, ReceiverSecrets.Authority(name)), find);
        var client = await ReceiverSecret.FindAsync(trail, new(@namespace, ReceiverSecrets.Client(name)), find);
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
                server: https://{{server ?? $"127.0.0.1:{webhook.Port}"}}/audit{{Named(server, name, @namespace)}}
                certificate-authority-data: {{ReceiverSecret.Value(authority, ReceiverSecrets.Authorities)}}
            users:
            - name: kube-apiserver
              user:
                client-certificate-data: {{ReceiverSecret.Value(client, ReceiverSecrets.Certificate)}}
                client-key-data: {{ReceiverSecret.Value(client, ReceiverSecrets.Key)}}

            """;
    }

    // Whatever the address is, the certificate has the Service's name.
    static string Named(string? server, string trail, string @namespace) =>
        server is null ? "" : $"\n    tls-server-name: {ReceiverService.Host(trail, @namespace)}";

    /// <exception cref="TrailException">It is no address, or of a Trail whose agents are beside the API servers.</exception>
    internal static string? Given(string? server, Trail trail) => server switch
    {
        null => null,
        _ when trail.Spec.Sources.ApiServer.Receiver() is { Placement: not WebhookPlacement.Service } => throw new TrailException(
            ExitCode.BadUsage,
            $"--server is for a Trail with webhook.placement Service; the agents of Trail {trail.Metadata.Name} are beside the API "
                + "servers"),
        _ when !Uri.TryCreate($"https://{server}/", UriKind.Absolute, out var url)
            || !url.Authority.Equals(server, StringComparison.OrdinalIgnoreCase) =>
            throw new TrailException(
                ExitCode.BadUsage, $"--server is \"{server}\"; allowed: a host and a port, such as audit.example.com:9443"),
        _ => server,
    };

    /// <summary>Where the API servers of a Trail with placement Service reach it inside the cluster; null of other Trails.</summary>
    internal static async Task<string?> AddressAsync(Trail trail, Func<ObjectKey, Task<V1Service?>> find, string @namespace)
    {
        if (trail.Spec.Sources.ApiServer.Receiver() is not { Placement: WebhookPlacement.Service } webhook)
            return null;
        var key = new ObjectKey(@namespace, new AgentNames(trail.Metadata.Name).Receiver);
        // Its address and not its name, which the host of an API server cannot resolve.
        return (await find(key))?.Spec?.ClusterIP is { Length: > 0 } address
            ? $"{(address.Contains(':') ? $"[{address}]" : address)}:{webhook.Port}"
            : throw new TrailException(
                ExitCode.Unreadable,
                $"Service {key} does not exist or has no address: the operator makes it when the Trail is valid (kubectl trail status "
                    + $"{trail.Metadata.Name}); or say with --server where API servers reach it");
    }

    const string PolicyHint = "docs/sources.md shows the kubeconfig";
}

namespace ClusterTrail.Kubectl.Policy;

/// <summary>Where a policy and the flags of kube-apiserver go.</summary>
static class Installation
{
    const string PolicyOfKubeadm = "/etc/kubernetes/audit-policy.yaml";
    const string PolicyOfK3s = "/etc/rancher/k3s/audit-policy.yaml";
    const string PolicyOfRke2 = "/etc/rancher/rke2/audit-policy.yaml";
    const string LogOfTalos = "/var/log/audit/kube/kube-apiserver.log";

    static readonly Dictionary<string, Func<string, string, string>> ByName = new()
    {
        ["kubeadm"] = (policy, log) => Comment(Kubeadm(log)) + policy,
        ["k3s"] = (policy, log) => Comment(K3s(log)) + policy,
        ["rke2"] = (policy, log) => Comment(Rke2(log)) + policy,
        ["kind"] = (policy, log) => Comment(Kind(log)) + policy,
        ["talos"] = Talos,
    };

    internal static IReadOnlyCollection<string> Distributions => ByName.Keys;

    /// <summary>
    /// The policy, and above it in comments what else is to be done. For Talos it is a patch of the machine configuration.
    /// </summary>
    /// <param name="log">The log that Trails read; null if none does.</param>
    /// <param name="receiving">A Trail whose agents receive events; null if none does.</param>
    internal static string Text(string? distribution, string policy, string? log, string? receiving = null)
    {
        var webhook = receiving is null ? "" : Comment(WebhookFlags(receiving));
        return log is null ? webhook + policy
            : distribution is null ? Comment(Flags(log)) + webhook + policy
            : webhook + ByName[distribution](policy, log);
    }

    // The API server keeps 10,000 events by default while it cannot send them, and sends 10 batches a second at most.
    static string WebhookFlags(string trail) => $"""
        For each kube-apiserver, which must see both files (docs/sources.md):
        --audit-policy-file={PolicyOfKubeadm}
        --audit-webhook-config-file=/etc/kubernetes/audit-webhook.yaml
        --audit-webhook-mode=batch
        --audit-webhook-batch-max-wait=1s
        --audit-webhook-batch-buffer-size=50000
        --audit-webhook-batch-throttle-qps=50
        --audit-webhook-batch-throttle-burst=100
        --audit-webhook-initial-backoff=2s
        kubectl trail webhook {trail} prints the file audit-webhook.yaml; keep it secret.
        """;

    static string Flags(string log) => $"""
        For each kube-apiserver, which must see both files:
        --audit-policy-file={PolicyOfKubeadm}
        --audit-log-path={log}
        --audit-log-maxsize=100
        --audit-log-maxbackup=10
        """;

    static string Kubeadm(string log) => $"""
        Put this file at {PolicyOfKubeadm} of each control-plane node. Have this in the configuration of
        kubeadm init; in a cluster that runs, have it in the ConfigMap kubeadm-config of kube-system too, and run
        kubeadm init phase control-plane apiserver --config FILE on each control-plane node:

        {KubeadmConfiguration(log)}
        """;

    static string KubeadmConfiguration(string log) => $"""
        apiVersion: kubeadm.k8s.io/v1beta4
        kind: ClusterConfiguration
        apiServer:
          extraArgs:
          - name: audit-policy-file
            value: {PolicyOfKubeadm}
          - name: audit-log-path
            value: {log}
          - name: audit-log-maxsize
            value: "100"
          - name: audit-log-maxbackup
            value: "10"
        {Indent(Volumes(log), 2)}
        """;

    // kind writes v1beta3, whose arguments are a mapping.
    static string KindPatch(string log) => $"""
        kind: ClusterConfiguration
        apiServer:
          extraArgs:
            audit-policy-file: {PolicyOfKubeadm}
            audit-log-path: {log}
            audit-log-maxsize: "100"
            audit-log-maxbackup: "10"
        {Indent(Volumes(log), 2)}
        """;

    static string Volumes(string log) => $"""
        extraVolumes:
        - name: audit-policy
          hostPath: {PolicyOfKubeadm}
          mountPath: {PolicyOfKubeadm}
          readOnly: true
          pathType: File
        - name: audit-log
          hostPath: {FolderOf(log)}
          mountPath: {FolderOf(log)}
          pathType: DirectoryOrCreate
        """;

    static string K3s(string log) => $"""
        Put this file at {PolicyOfK3s} of each server, make the folder {FolderOf(log)}, add this to
        /etc/rancher/k3s/config.yaml, and restart k3s:

        kube-apiserver-arg:
        - audit-policy-file={PolicyOfK3s}
        - audit-log-path={log}
        - audit-log-maxsize=100
        - audit-log-maxbackup=10
        """;

    // It runs kube-apiserver in a pod, and mounts there what these name; a mount given beside them would be there twice.
    static string Rke2(string log) => $"""
        Put this file at {PolicyOfRke2} of each server, add this to /etc/rancher/rke2/config.yaml, and
        restart rke2-server:

        audit-policy-file: {PolicyOfRke2}
        kube-apiserver-arg:
        - audit-log-path={log}
        - audit-log-maxsize=100
        - audit-log-maxbackup=10
        """;

    static string Kind(string log) => $"""
        Save this file as audit-policy.yaml and create the cluster, from the same folder, with this configuration:

        apiVersion: kind.x-k8s.io/v1alpha4
        kind: Cluster
        nodes:
        - role: control-plane
          extraMounts:
          - hostPath: ./audit-policy.yaml
            containerPath: {PolicyOfKubeadm}
            readOnly: true
          kubeadmConfigPatches:
          - |
        {Indent(KindPatch(log), 4)}
        """;

    static string Talos(string policy, string log) => $"""
        # A patch of the machine configuration of control-plane nodes: talosctl patch machineconfig --patch @FILE
        # Talos gives kube-apiserver its flags itself and writes {LogOfTalos}.
        {(log == LogOfTalos ? "#" : $"# The Trail reads {log}: set its spec.sources.apiServer.logFile.path to that.")}
        cluster:
          apiServer:
            auditPolicy:
        {Indent(policy.TrimEnd('\n'), 6)}

        """;

    static string FolderOf(string log) => log[..Math.Max(1, log.LastIndexOf('/'))];

    static string Comment(string text) => string.Concat(text.Split('\n').Select(line => $"# {line}".TrimEnd() + "\n"));

    static string Indent(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => (new string(' ', spaces) + line).TrimEnd()));
}

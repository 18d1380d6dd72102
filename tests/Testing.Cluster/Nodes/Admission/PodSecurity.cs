using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing.Nodes.Admission;

/// <summary>Pod Security, as far as pods of this product can break it: its checks in the API server's order and words.</summary>
/// <remarks>Caveat: no init or ephemeral containers, AppArmor, SELinux, sysctls, proc mounts or Windows.</remarks>
static class PodSecurity
{
    const string Label = "pod-security.kubernetes.io/enforce";
    static readonly string[] Harmless =
        ["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"];
    static readonly string[] Usual =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE",
        "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    // Those of restricted take the place of the two checks of baseline that they widen.
    static readonly IReadOnlyList<Func<PodToCheck, string?>> Baseline = [Capabilities, HostNamespaces, HostPaths, HostPorts, Privileged];
    static readonly IReadOnlyList<Func<PodToCheck, string?>> Restricted =
        [HostNamespaces, HostPorts, Privileged, Escalation, AllCapabilities, Volumes, NonRoot, User, Seccomp];

    /// <returns><c>violates PodSecurity "baseline:latest": …</c>, or nothing.</returns>
    public static string? Violation(Seen? @namespace, JsonObject pod)
    {
        var level = @namespace?.LabelMap.GetValueOrDefault(Label);
        var checks = level switch { "restricted" => Restricted, "baseline" => Baseline, _ => [] };
        var broken = checks.Select(check => check(new(pod["spec"]!))).OfType<string>().ToList();
        var version = @namespace?.LabelMap.GetValueOrDefault($"{Label}-version") ?? "latest";
        return broken.Count == 0 ? null : $"violates PodSecurity \"{level}:{version}\": {string.Join(", ", broken)}";
    }

    static string? Capabilities(PodToCheck pod) => Added(pod, Usual) is { } added ? $"non-default capabilities ({added})" : null;

    static string? HostNamespaces(PodToCheck pod)
    {
        var shared = new[] { "hostNetwork", "hostPID", "hostIPC" }.Where(pod.Has).ToList();
        return shared.Count == 0 ? null : $"host namespaces ({string.Join(", ", shared.Select(name => $"{name}=true"))})";
    }

    static string? HostPaths(PodToCheck pod) =>
        pod.VolumesOf("hostPath") is { Count: > 0 } volumes
            ? $"hostPath volumes ({(volumes.Count == 1 ? "volume" : "volumes")} {Texts.Quoted(volumes)})"
            : null;

    static string? HostPorts(PodToCheck pod)
    {
        var ports = pod.HostPorts;
        return ports.Count == 0
            ? null
            : $"hostPort (container \"{pod.Names[0]}\" uses hostPort{(ports.Count == 1 ? "" : "s")} {string.Join(", ", ports)})";
    }

    static string? Privileged(PodToCheck pod) =>
        Those(pod, security => security?["privileged"]?.GetValue<bool>() == true) is { } containers
            ? $"privileged ({containers} must not set securityContext.privileged=true)"
            : null;

    static string? Escalation(PodToCheck pod) =>
        Those(pod, security => security?["allowPrivilegeEscalation"]?.GetValue<bool>() != false) is { } containers
            ? $"allowPrivilegeEscalation != false ({containers} must set securityContext.allowPrivilegeEscalation=false)"
            : null;

    static string? AllCapabilities(PodToCheck pod)
    {
        var parts = new List<string>();
        if (Those(pod, security => !PodToCheck.Words(security?["capabilities"]?["drop"]).Contains("ALL")) is { } keeping)
            parts.Add($"{keeping} must set securityContext.capabilities.drop=[\"ALL\"]");
        if (Added(pod, ["NET_BIND_SERVICE"]) is { } added)
            parts.Add(added);
        return parts.Count == 0 ? null : $"unrestricted capabilities ({string.Join("; ", parts)})";
    }

    static string? Volumes(PodToCheck pod)
    {
        var kinds = pod.VolumeKinds.Where(kind => !Harmless.Contains(kind)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (kinds.Count == 0)
            return null;
        var volumes = kinds.SelectMany(pod.VolumesOf).ToList();
        return "restricted volume types ("
            + (volumes.Count == 1 ? $"volume {Texts.Quoted(volumes)} uses" : $"volumes {Texts.Quoted(volumes)} use")
            + $" restricted volume type{(kinds.Count == 1 ? "" : "s")} {Texts.Quoted(kinds)})";
    }

    static string? NonRoot(PodToCheck pod)
    {
        var ofPod = pod.Security?["runAsNonRoot"]?.GetValue<bool>();
        if (Those(pod, security => security?["runAsNonRoot"]?.GetValue<bool>() == false) is { } explicitly)
        {
            var alsoPod = ofPod == false ? "pod and " : "";
            return $"runAsNonRoot != true ({alsoPod}{explicitly} must not set securityContext.runAsNonRoot=false)";
        }

        if (ofPod == false)
            return "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)";
        return ofPod is null && Those(pod, security => security?["runAsNonRoot"] is null) is { } silent
            ? $"runAsNonRoot != true (pod or {silent} must set securityContext.runAsNonRoot=true)"
            : null;
    }

    static string? User(PodToCheck pod)
    {
        var ofPod = pod.Security?["runAsUser"]?.GetValue<int>() == 0 ? "pod" : null;
        var ofContainers = Those(pod, security => security?["runAsUser"]?.GetValue<int>() == 0);
        var who = string.Join(" and ", new[] { ofPod, ofContainers }.OfType<string>());
        return who.Length == 0 ? null : $"runAsUser=0 ({who} must not set runAsUser=0)";
    }

    static string? Seccomp(PodToCheck pod)
    {
        if (IsSet(pod.Security))
            return null;
        return Those(pod, security => !IsSet(security)) is { } containers
            ? $"seccompProfile (pod or {containers} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")"
            : null;

        static bool IsSet(JsonNode? security) => (string?)security?["seccompProfile"]?["type"] is "RuntimeDefault" or "Localhost";
    }

    static string? Added(PodToCheck pod, string[] allowed)
    {
        var added = pod.Containers
            .SelectMany(container => PodToCheck.Words(container["securityContext"]?["capabilities"]?["add"]))
            .Where(capability => !allowed.Contains(capability)).Distinct().Order(StringComparer.Ordinal).ToList();
        if (added.Count == 0)
            return null;
        var who = Those(pod, security => PodToCheck.Words(security?["capabilities"]?["add"]).Any(added.Contains));
        return $"{who} must not include {Texts.Quoted(added)} in securityContext.capabilities.add";
    }

    // container "a", or containers "a", "b".
    static string? Those(PodToCheck pod, Func<JsonNode?, bool> which)
    {
        var those = pod.Containers.Where(container => which(container["securityContext"]));
        var names = those.Select(container => (string)container["name"]!).ToList();
        return names.Count == 0 ? null : $"{(names.Count == 1 ? "container" : "containers")} {Texts.Quoted(names)}";
    }
}

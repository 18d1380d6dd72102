using System.Text;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Finds the container in the path of a control group, as container runtimes and the kubelet name them.</summary>
/// <remarks>
/// <para>
/// By the kubelet with its cgroupfs driver: <c>/kubepods/burstable/podUID/ID</c>; with its systemd driver:
/// <c>/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-podUID.slice/cri-containerd-ID.scope</c>, with crio- or docker- for other
/// runtimes. Without Kubernetes: <c>/docker/ID</c>, <c>/system.slice/docker-ID.scope</c>, <c>libpod-ID.scope</c>. Anything may stand
/// before,
/// where a node is itself a container.
/// </para>
/// Guarantee: who may make control groups in a container cannot pass for another: of nested pods and containers the outermost counts.
/// </remarks>
static partial class ContainerOfCgroup
{
    /// <summary>Null when the process is in no container.</summary>
    public static CgroupContainer? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var at = 0; at < parts.Length; at++)
        {
            if (Pod().Match(parts[at]) is { Success: true } pod)
            {
                // containerd with the systemd driver in one place and not in the other: both names in one.
                var own = parts[at].Split(':') is [_, _, var id] && ContainerId().IsMatch(id) ? id : null;
                return (own ?? FirstId(parts.AsSpan(at + 1))) is { } container ? new(container, Uid(pod.Groups["uid"].Value)) : null;
            }
        }

        return FirstId(parts) is { } first ? new(first, null) : null;
    }

    /// <summary>The path of names that stand innermost first, each with its NUL; the root's name is empty.</summary>
    public static string PathOf(ReadOnlySpan<byte> names)
    {
        var path = new StringBuilder();
        while (names.Length > 0)
        {
            var end = names.IndexOf((byte)0);
            var name = end < 0 ? names : names[..end];
            if (name.Length > 0)
            {
                path.Insert(0, Encoding.UTF8.GetString(name)).Insert(0, '/');
            }

            names = end < 0 ? [] : names[(end + 1)..];
        }

        return path.Length == 0 ? "/" : path.ToString();
    }

    static string? FirstId(ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            // conmon is CRI-O's own process beside the container.
            if (Container().Match(part) is { Success: true } match
                && !match.Groups["runtime"].Value.EndsWith("conmon-", StringComparison.Ordinal))
            {
                return match.Groups["id"].Value;
            }
        }

        return null;
    }

    // systemd takes dashes for folders, so the kubelet writes underscores.
    static string Uid(string text) => text.Replace('_', '-');

    [GeneratedRegex(
        "^(?:[a-z0-9-]*kubepods[a-z-]*-)?pod(?<uid>[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})"
            + "(?:\\.slice)?(?::[a-z-]+:[0-9a-f]{64})?\\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pod();

    [GeneratedRegex("^(?<runtime>[a-z-]+-)?(?<id>[0-9a-f]{64})(?:\\.scope)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Container();

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerId();
}

using ClusterTrail.Contract.Execs;

namespace ClusterTrail.Operator.Execs;

/// <summary>Whether what an agent says can be used. Pure.</summary>
/// <remarks>A list may hold null, whatever its type says, and an agent that somebody took over writes what it wants.</remarks>
static class ExecAnswers
{
    // Of Kubernetes.
    const int LongestName = 253;

    public static bool IsWhole(this ExecReport report) =>
        report.Execs.Count <= ExecReport.Most && report.Execs.All(exec => exec is not null && exec.Command.All(word => word is not null));

    public static bool IsWhole(this HandoverAnswer answer) =>
        answer.Pods.Count <= HandoverAnswer.MostPods
        && answer.Pods.All(pod => pod is not null && IsName(pod.Namespace) && IsName(pod.Pod) && IsName(pod.PodUID));

    /// <summary>Whether its pod can be looked up.</summary>
    public static bool HasPod(this ExecEvent exec) => IsName(exec.Namespace) && IsName(exec.Pod);

    static bool IsName(string name) => name.Length is > 0 and <= LongestName
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.')
        && char.IsAsciiLetterOrDigit(name[0]);
}

using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Judging;

/// <summary>What to do about a pod that the API server refused, out of the sentence with which it did. Pure.</summary>
static class RefusedPod
{
    const int LongestNote = 600;

    public static string Explain(string note, TrailView view)
    {
        var cause = WithoutName(note);
        cause = cause.Length > LongestNote ? $"{cause[..LongestNote]} …" : cause;
        return $"{Remedy(note, view)} The API server said: {cause}";
    }

    static string Remedy(string note, TrailView view)
    {
        var (@namespace, field) = (view.Namespace, view.AgentField);
        if (Has(note, "violates PodSecurity"))
        {
            return $"Agents read the node's folders as root, which Pod Security forbids in namespace {@namespace}: "
                + $"kubectl label namespace {@namespace} pod-security.kubernetes.io/enforce=privileged --overwrite.";
        }

        if (Has(note, "insufficient quota to match these scopes"))
        {
            return $"The cluster allows the priority class {view.Agent.PriorityClassName ?? AgentPod.Priority} only in namespaces "
                + $"with a ResourceQuota for it: create one in namespace {@namespace}, or set {field}.priorityClassName.";
        }

        if (Has(note, "exceeded quota") || Has(note, "failed quota"))
            return $"A ResourceQuota of namespace {@namespace} is used up: raise it, or lower {field}.resources.";
        if (Has(note, "no PriorityClass with name"))
            return $"{field}.priorityClassName names a class that does not exist: create it, or name another.";
        if (Has(note, "admission webhook") || Has(note, "ValidatingAdmissionPolicy"))
            return $"An admission policy of the cluster denies it: exempt namespace {@namespace} from it, "
                + $"or change {field} so that it is satisfied.";
        return Has(note, "serviceaccount") || Has(note, "service account")
            ? "Its ServiceAccount is being created; if this lasts, find out who deletes it."
            : "Remove the cause.";
    }

    // Each attempt has another name, and would make another message:
    // Error creating: pods "clustertrail-main-apiserver-x2f5q" is forbidden: …
    static string WithoutName(string note)
    {
        const string isForbidden = "is forbidden: ";
        var at = note.IndexOf(isForbidden, StringComparison.Ordinal);
        return at < 0 ? note : note[(at + isForbidden.Length)..];
    }

    static bool Has(string note, string part) => note.Contains(part, StringComparison.OrdinalIgnoreCase);
}

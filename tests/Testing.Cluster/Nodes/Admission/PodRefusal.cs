namespace ClusterTrail.Testing.Nodes;

/// <summary>Why an API server refuses a pod, in its own words.</summary>
public sealed class PodRefusal
{
    readonly Func<string, string> sentence;

    PodRefusal(Func<string, string> sentence) => this.sentence = sentence;

    /// <summary>A ResourceQuota that allows so many pods.</summary>
    public static PodRefusal Quota(string quota, int pods) =>
        new(pod => $"pods \"{pod}\" is forbidden: exceeded quota: {quota}, requested: pods=1, used: pods={pods}, limited: pods={pods}");

    /// <summary>A cluster that takes critical pods only in namespaces with a quota for them.</summary>
    public static PodRefusal NoQuotaForCriticalPods() =>
        new(pod => $"pods \"{pod}\" is forbidden: insufficient quota to match these scopes: "
            + "[{PriorityClass In [system-node-critical system-cluster-critical]}]");

    public static PodRefusal Webhook(string webhook, string message) =>
        new(_ => $"admission webhook \"{webhook}\" denied the request: {message}");

    /// <summary>A service account that is not there.</summary>
    public static PodRefusal NoServiceAccount(string @namespace, string name) =>
        new(pod => $"pods \"{pod}\" is forbidden: error looking up service account {@namespace}/{name}: "
            + $"serviceaccount \"{name}\" not found");

    internal string Of(string pod) => sentence(pod);
}

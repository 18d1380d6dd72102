using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>No rule from medium on fires on what a cluster does by itself: its bootstrap, its parts, and usual add-ons.</summary>
public sealed class UntouchedClusterTests
{
    const string Rbac = "rbac.authorization.k8s.io";
    const string Kubeadm = "kubernetes-admin kubeadm:cluster-admins";
    const string SuperAdmin = "kubernetes-super-admin system:masters";

    static readonly IReadOnlyList<DetectionRule> Rules =
        [.. new DetectionsFile { Packs = ["baseline"] }.Effective().Where(rule => rule.Severity >= DetectionSeverity.Medium)];

    /// <summary>User and groups, verb, group/resource[/subresource], namespace/name, status code, object.</summary>
    public static TheoryData<string, string, string, string, int, string> Requests => new()
    {
        // kubeadm init and join.
        { SuperAdmin, "create", $"{Rbac}/clusterrolebindings", "/kubeadm:cluster-admins", 201, Binding("cluster-admin", "Group", "kubeadm:cluster-admins") },
        { SuperAdmin, "get", $"{Rbac}/clusterrolebindings", "/kubeadm:cluster-admins", 404, "" },
        { Kubeadm, "create", "/configmaps", "kube-system/kubeadm-config", 201, """{"data":{"ClusterConfiguration":"kind: ClusterConfiguration"}}""" },
        { Kubeadm, "create", "/configmaps", "kube-system/kubelet-config", 201, """{"data":{"kubelet":"kind: KubeletConfiguration"}}""" },
        { Kubeadm, "create", "/configmaps", "kube-system/coredns", 201, """{"data":{"Corefile":".:53"}}""" },
        { Kubeadm, "create", "/configmaps", "kube-system/kube-proxy", 201, """{"data":{"config.conf":"mode: \"\""}}""" },
        { Kubeadm, "create", "/configmaps", "kube-public/cluster-info", 201, """{"data":{"kubeconfig":"x"}}""" },
        { Kubeadm, "create", $"{Rbac}/roles", "kube-system/kubeadm:kubelet-config", 201, Role("get", "", "configmaps", "kubelet-config") },
        { Kubeadm, "create", $"{Rbac}/rolebindings", "kube-system/kubeadm:kubelet-config", 201, Binding("kubeadm:kubelet-config", "Group", "system:nodes") },
        { Kubeadm, "create", $"{Rbac}/rolebindings", "kube-system/kubeadm:nodes-kubeadm-config", 201, Binding("kubeadm:nodes-kubeadm-config", "Group", "system:bootstrappers:kubeadm:default-node-token") },
        { Kubeadm, "create", $"{Rbac}/rolebindings", "kube-public/kubeadm:bootstrap-signer-clusterinfo", 201, Binding("kubeadm:bootstrap-signer-clusterinfo", "User", "system:anonymous") },
        { Kubeadm, "create", $"{Rbac}/clusterroles", "/kubeadm:get-nodes", 201, Role("get", "", "nodes") },
        { Kubeadm, "create", $"{Rbac}/clusterrolebindings", "/kubeadm:get-nodes", 201, Binding("kubeadm:get-nodes", "Group", "system:bootstrappers:kubeadm:default-node-token") },
        { Kubeadm, "create", $"{Rbac}/clusterrolebindings", "/kubeadm:kubelet-bootstrap", 201, Binding("system:node-bootstrapper", "Group", "system:bootstrappers:kubeadm:default-node-token") },
        { Kubeadm, "create", $"{Rbac}/clusterrolebindings", "/kubeadm:node-autoapprove-bootstrap", 201, Binding("system:certificates.k8s.io:certificatesigningrequests:nodeclient", "Group", "system:bootstrappers:kubeadm:default-node-token") },
        { Kubeadm, "create", $"{Rbac}/clusterrolebindings", "/kubeadm:node-autoapprove-certificate-rotation", 201, Binding("system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", "Group", "system:nodes") },
        { Kubeadm, "create", $"{Rbac}/clusterrolebindings", "/kubeadm:node-proxier", 201, Binding("system:node-proxier", "ServiceAccount", "kube-proxy") },
        { Kubeadm, "create", $"{Rbac}/clusterroles", "/system:coredns", 201, Role("list", "", "endpoints") },
        { Kubeadm, "update", $"{Rbac}/clusterroles", "/system:coredns", 200, Role("list", "discovery.k8s.io", "endpointslices") },
        { Kubeadm, "create", $"{Rbac}/clusterrolebindings", "/system:coredns", 201, Binding("system:coredns", "ServiceAccount", "coredns") },
        { Kubeadm, "create", "/serviceaccounts", "kube-system/kube-proxy", 201, "{}" },
        { Kubeadm, "create", "/serviceaccounts", "kube-system/coredns", 201, "{}" },
        { Kubeadm, "create", "apps/deployments", "kube-system/coredns", 201, Workload("""{"containers":[{"name":"coredns","image":"r/coredns","securityContext":{"capabilities":{"add":["NET_BIND_SERVICE"]}}}]}""") },
        { Kubeadm, "create", "apps/daemonsets", "kube-system/kube-proxy", 201, Workload("""{"hostNetwork":true,"containers":[{"name":"kube-proxy","image":"r/kube-proxy","securityContext":{"privileged":true}}],"volumes":[{"hostPath":{"path":"/run/xtables.lock"}},{"hostPath":{"path":"/lib/modules"}}]}""") },
        { "system:bootstrap:abcdef system:bootstrappers", "create", "certificates.k8s.io/certificatesigningrequests", "/csr-x", 201, """{"spec":{"signerName":"kubernetes.io/kube-apiserver-client-kubelet"}}""" },
        { "system:node:a system:nodes", "create", "certificates.k8s.io/certificatesigningrequests", "/csr-y", 201, """{"spec":{"signerName":"kubernetes.io/kubelet-serving"}}""" },
        { "system:node:a system:nodes", "create", "/nodes", "/a", 201, "{}" },
        // Kubelets and the control plane.
        { "system:node:a system:nodes", "create", "/pods", "kube-system/kube-apiserver-a", 201, """{"spec":{"hostNetwork":true,"containers":[{"command":["kube-apiserver","--audit-log-path=x"]}],"volumes":[{"hostPath":{"path":"/etc/kubernetes/pki"}}]}}""" },
        { "system:node:a system:nodes", "watch", "/secrets", "shop/db", 200, "" },
        { "system:node:a system:nodes", "create", "/serviceaccounts/token", "kube-system/coredns", 201, "{}" },
        { "system:kube-controller-manager system:authenticated", "create", "/serviceaccounts/token", "kube-system/job-controller", 201, "{}" },
        { "system:kube-controller-manager system:authenticated", "watch", "/secrets", "/", 200, "" },
        { "system:apiserver system:masters", "create", $"{Rbac}/clusterroles", "/cluster-admin", 201, Role("*", "*", "*") },
        { "system:apiserver system:masters", "create", $"{Rbac}/clusterrolebindings", "/system:controller:job-controller", 201, Binding("system:controller:job-controller", "ServiceAccount", "job-controller") },
        { "system:apiserver system:masters", "update", "/configmaps", "kube-system/extension-apiserver-authentication", 200, "{}" },
        { "system:serviceaccount:kube-system:clusterrole-aggregation-controller system:serviceaccounts", "patch", $"{Rbac}/clusterroles", "/admin", 200, Role("impersonate", "", "serviceaccounts") },
        { "system:serviceaccount:kube-system:bootstrap-signer system:serviceaccounts", "update", "/configmaps", "kube-public/cluster-info", 200, "{}" },
        { "system:serviceaccount:kube-system:root-ca-cert-publisher system:serviceaccounts", "create", "/configmaps", "kube-system/kube-root-ca.crt", 201, "{}" },
        { "system:serviceaccount:kube-system:namespace-controller system:serviceaccounts", "deletecollection", "/secrets", "shop/", 200, "" },
        { "system:serviceaccount:kube-system:replicaset-controller system:serviceaccounts", "create", "/pods", "kube-system/x", 201, """{"spec":{"hostNetwork":true,"containers":[{"securityContext":{"privileged":true}}],"volumes":[{"hostPath":{"path":"/"}}]}}""" },
        { "system:anonymous system:unauthenticated", "get", "/configmaps", "kube-public/cluster-info", 200, "" },
        // Add-ons, and what providers and distributions do.
        { "system:serviceaccount:kube-system:metrics-server system:serviceaccounts", "create", "authorization.k8s.io/subjectaccessreviews", "/", 201, "{}" },
        { "system:serviceaccount:kube-system:coredns system:serviceaccounts", "watch", "discovery.k8s.io/endpointslices", "/", 200, "" },
        { "system:serviceaccount:kube-system:kube-state-metrics system:serviceaccounts", "list", "/secrets", "/", 200, "" },
        { "system:serviceaccount:cert-manager:cert-manager system:serviceaccounts", "watch", "/secrets", "/", 200, "" },
        { "system:serviceaccount:cert-manager:cert-manager-cainjector system:serviceaccounts", "patch", "admissionregistration.k8s.io/validatingwebhookconfigurations", "/cert-manager-webhook", 200, "{}" },
        { "system:cloud-controller-manager system:authenticated", "patch", "/nodes", "/a", 200, "{}" },
        { "eks:addon-manager system:authenticated", "patch", "apps/daemonsets", "kube-system/aws-node", 200, Workload("""{"containers":[]}""") },
        { "eks:node-manager system:authenticated", "update", "/configmaps", "kube-system/aws-auth", 200, "{}" },
        { "aksService system:masters", "patch", "apps/deployments", "kube-system/coredns", 200, Workload("""{"containers":[]}""") },
        { "system:gcp-controller-manager system:authenticated", "update", $"{Rbac}/clusterroles", "/system:managed-certificate-controller", 200, Role("list", "", "services") },
        { "system:serviceaccount:openshift-cluster-version:default system:serviceaccounts", "create", $"{Rbac}/clusterrolebindings", "/x", 201, Binding("cluster-reader", "Group", "system:authenticated") },
        { "system:serviceaccount:openshift-monitoring:kube-state-metrics system:serviceaccounts", "list", "/secrets", "/", 200, "" },
        { "system:serviceaccount:openshift-dns:dns system:serviceaccounts", "get", "/secrets", "openshift-dns/dns-default", 200, "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void NoRuleFromMediumOnFires(string user, string verb, string resource, string target, int code, string body)
    {
        var line = Event(user, verb, resource, target, code, body);
        var detecting = new Detecting([.. Rules]);

        // As often as a burst needs, within its window.
        var fired = Enumerable.Range(0, 3).SelectMany(_ => detecting.See(line)).Select(finding => Rules[finding.Rule].Name).Distinct();

        Assert.Empty(fired);
    }

    [Fact]
    public void OpenShiftSaysWhereToLogInToAnybody()
    {
        var line = Encoding.UTF8.GetBytes("""
            {"level":"Metadata","stage":"ResponseComplete","verb":"get","requestURI":"/.well-known/oauth-authorization-server","user":{"username":"system:anonymous"},"responseStatus":{"code":200}}
            """.Trim());

        Assert.Empty(new Detecting([.. Rules]).See(line));
    }

    // The same requests of somebody else do fire: the rules see them.
    [Theory]
    [InlineData("create", "apps/daemonsets", "kube-system/kube-proxy", 201, """{"spec":{"template":{"spec":{"containers":[{"securityContext":{"privileged":true}}]}}}}""")]
    [InlineData("update", "/configmaps", "kube-system/aws-auth", 200, "{}")]
    [InlineData("list", "/secrets", "/", 200, "")]
    public void TheSameOfSomebodyElseDoes(string verb, string resource, string target, int code, string body) =>
        Assert.NotEmpty(new Detecting([.. Rules]).See(Event("mallory system:authenticated", verb, resource, target, code, body)));

    static byte[] Event(string user, string verb, string resource, string target, int code, string body)
    {
        var (who, what, at) = (user.Split(' '), resource.Split('/'), target.Split('/'));
        var reference = new JsonObject { ["apiGroup"] = what[0], ["resource"] = what[1], ["subresource"] = what.ElementAtOrDefault(2) ?? "", ["namespace"] = at[0], ["name"] = at[1] };
        var audit = new JsonObject
        {
            ["level"] = "RequestResponse",
            ["stage"] = "ResponseComplete",
            ["verb"] = verb,
            ["requestURI"] = $"/apis/{resource}?timeoutSeconds=300",
            ["user"] = new JsonObject { ["username"] = who[0], ["groups"] = new JsonArray(who[1], "system:authenticated") },
            ["sourceIPs"] = new JsonArray(who[0] == "system:apiserver" ? "::1" : "10.0.0.7"),
            ["userAgent"] = "some-component/v1.36.2 (linux/amd64) kubernetes/bb826b1",
            ["objectRef"] = reference,
            ["responseStatus"] = new JsonObject { ["code"] = code },
        };
        if (body != "")
            (audit["requestObject"], audit["responseObject"]) = (JsonNode.Parse(body), JsonNode.Parse(body));
        return Encoding.UTF8.GetBytes(audit.ToJsonString());
    }

    static string Binding(string role, string kind, string name) =>
        $$"""{"roleRef":{"kind":"ClusterRole","name":"{{role}}"},"subjects":[{"kind":"{{kind}}","name":"{{name}}","namespace":"kube-system"}]}""";

    static string Role(string verb, string group, string resource, string? name = null) =>
        $$"""{"rules":[{"verbs":["{{verb}}"],"apiGroups":["{{group}}"],"resources":["{{resource}}"]{{(name is null ? "" : $",\"resourceNames\":[\"{name}\"]")}}}]}""";

    static string Workload(string spec) => """{"spec":{"template":{"spec":SPEC}}}""".Replace("SPEC", spec, StringComparison.Ordinal);
}

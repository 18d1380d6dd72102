using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class CoveredConditionTests
{
    const string Covered = CoveredCondition.Type;

    [Fact]
    public void WithoutANodeItSaysWhatToSet() =>
        Expected.Condition(Some.View() with { Nodes = [] }, Covered, "False", "NoNodes",
            "Set spec.agent.nodeSelector to labels of the nodes that run kube-apiserver.");

    [Fact]
    public void ATaintThatNobodyToleratesIsNamedWithTheToleration() => Expected.Condition(
        Beside(Some.Bare("cp-2") with { Taints = [new() { Key = "maintenance", Effect = "NoSchedule", Value = "true" }] }),
        Covered, "False", "TaintNotTolerated",
        "cp-2 has the taint maintenance=true:NoSchedule, which spec.agent.tolerations does not tolerate. Add {key: maintenance, operator: "
            + "Exists} to it, leave it out so that agents tolerate every taint, or remove the taint.");

    [Fact]
    public void AControlPlaneNodeThatTheSelectorDoesNotMatchIsAHole() => Expected.Condition(
        Beside(Some.Bare("cp-2") with { MissingLabels = ["audit=yes"] }), Covered, "False", "NoMatchingLabel", "cp-2 is a control-plane "
            + "node without the label audit=yes");

    [Fact]
    public void AllHolesOfOneKindAreNamed() => Expected.Condition(
        Some.View() with { Nodes = [.. Enumerable.Range(10, 12).Select(n => Some.Bare($"cp-{n}") with { MissingLabels = ["audit=yes"] })] },
        Covered, "False", "NoMatchingLabel", "And 2 more nodes.");

    [Fact]
    public void APodThatWasRefusedSaysWhyAndWhatToDo() => Expected.Condition(
        Some.View() with { Nodes = [Some.Bare("cp-1")], Refusal = Refusal(Some.Noon) },
        Covered, "False", "PodRefused",
        "kubectl label namespace clustertrail-system pod-security.kubernetes.io/enforce=privileged --overwrite.");

    [Fact]
    public void AFormerRefusalIsNoNewsOfAnAgentThatIsBeingReplaced()
    {
        var before = Some.View();
        var replaced = before with { Nodes = [Some.Bare("cp-1")], Refusal = Refusal(Some.Noon.AddMinutes(-20)) };

        Expected.Condition(
            before.After(TimeSpan.FromSeconds(5), replaced), Covered, "True", "AllCovered", "has an agent's pod", ready: "Recording");
    }

    [Fact]
    public void AnAgentThatIsYetToComeIsWaitedFor()
    {
        var young = Some.View() with { Nodes = [Some.Bare("cp-1")] };

        Expected.Condition(young, Covered, "Unknown", "Scheduling", "cp-1 has no agent yet.");
        Expected.Condition(young.After(TimeSpan.FromMinutes(1)), Covered, "False", "NoPod",
            "kubectl describe daemonset -n clustertrail-system clustertrail-main-apiserver");
    }

    [Fact]
    public void ANodeThatIsNotReadyIsUnknown() => Expected.Condition(
        Beside(Some.NodeView("cp-2") with { Node = Some.Node("cp-2", ready: "Unknown") }), Covered, "Unknown", "NodeNotReady", "cp-2");

    [Fact]
    public void EachNodeOfTheStatusSaysWhyItHasNoAgent()
    {
        var node = TrailStatusBuilder.Build(
            Beside(Some.Bare("cp-2") with { Taints = [new() { Key = "maintenance", Effect = "NoExecute" }] })).Nodes![1];

        Assert.Equal(("cp-2", "Missing", "TaintNotTolerated"), (node.Name, node.State, node.Reason));
        Assert.Contains("maintenance:NoExecute", node.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1", "raise it, or lower spec.agent.resources")]
    [InlineData(
        "insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]", "or set spec.agent.priorityClassName")]
    [InlineData("no PriorityClass with name gold was found", "spec.agent.priorityClassName names a class that does not exist")]
    [InlineData("admission webhook \"policy.example.com\" denied the request: no root", "exempt namespace clustertrail-system")]
    [InlineData("something new", "The API server said: something new")]
    public void EachRefusalHasItsRemedy(string cause, string part) =>
        Assert.Contains(
            part,
            RefusedPod.Explain($"Error creating: pods \"clustertrail-main-apiserver-x2f5q\" is forbidden: {cause}", Some.View()),
            StringComparison.Ordinal);

    [Fact]
    public void ARefusalIsTheSameForEachAttempt()
    {
        var (one, other) = ("Error creating: pods \"a-x2f5q\" is forbidden: exceeded quota: "
            + "q", "Error creating: pods \"a-77777\" is forbidden: exceeded quota: q");

        Assert.Equal(RefusedPod.Explain(one, Some.View()), RefusedPod.Explain(other, Some.View()));
    }

    static TrailView Beside(NodeView node) => Some.View() with { Nodes = [Some.NodeView("cp-1"), node] };

    static Eventsv1Event Refusal(DateTimeOffset at) => new()
    {
        Metadata = new() { Name = "e", NamespaceProperty = Some.Namespace },
        Type = "Warning",
        Reason = "FailedCreate",
        Note = "Error creating: pods \"clustertrail-main-apiserver-x2f5q\" is forbidden: violates PodSecurity \"restricted:latest\": "
            + "hostPath volumes (volumes \"log\", \"state\")",
        DeprecatedLastTimestamp = at.UtcDateTime,
    };
}

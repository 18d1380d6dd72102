using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class DeliveringAllConditionTests
{
    const string Type = DeliveringAllCondition.Type;

    [Fact]
    public void WhileNothingIsRefusedAllIsDelivered() =>
        Expected.Condition(Some.View(), Type, "True", "NothingRefused", "accepts every batch", ready: "Recording");

    [Fact]
    public void RefusedBatchesAreToldWithTheFirstsCauseAndRemedy() => Expected.Condition(
        Some.View() with { Nodes = [Node("cp-1", 2, Some.Noon), Node("cp-2", 1, Some.Noon.AddHours(-1))] },
        Type, "False", "RequestEntityTooLarge",
        "The sink rejects 3 batches, the first of cp-2, while it accepts others, since 2026-11-22T11:00:00Z: "
            + "The proxy takes no object of this size: raise its limit. Rejected batches stay");

    [Fact]
    public void OneIsNamedAsOne() => Expected.Condition(
        Some.View() with { Nodes = [Node("cp-1", 1, Some.Noon)] }, Type, "False", "RequestEntityTooLarge", "The sink rejects a batch of "
            + "cp-1 while it accepts others");

    static NodeView Node(string name, int batches, DateTimeOffset since)
    {
        var status = Some.Status();
        var aside = new AsideBatch(
            "apiserver-7.batch", since, "RequestEntityTooLarge", "The proxy takes no object of this size: raise its limit", 3);
        return Some.NodeView(name, status with { Sinks = [status.Sinks[0] with { AsideBatches = batches, FirstAside = aside }] });
    }
}

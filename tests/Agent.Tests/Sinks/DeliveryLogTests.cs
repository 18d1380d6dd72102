using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Tests.Spool;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks;

public sealed class DeliveryLogTests
{
    readonly ManualTime time = new();

    [Fact]
    public void EachCodeIsNewsOnceUntilADelivery()
    {
        var log = new DeliveryLog("s3://archive", time);

        Assert.True(log.Failed("Timeout", "No answer."));
        Assert.True(log.Failed("Unreachable", "Nobody there."));
        Assert.False(log.Failed("Timeout", "No answer."));
        Assert.False(log.Failed("Unreachable", "Nobody there."));
        Assert.Equal(4, log.Status.LastError!.Attempts);

        log.Delivered(SomeSpool.Header(1, []));
        Assert.True(log.Failed("Timeout", "No answer."));
    }
}

using System.Text;

namespace ClusterTrail.Operator.Tests;

/// <summary>Agents that answer what cannot be believed, beside one that is in order.</summary>
public sealed class RefusedReportsTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnAnswerWithoutTheTrailsKeyIsNotBelievedAndTheOthersCount()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);

        world.Nodes.AgentOf("cp-1", "main").IsImpostor = true;

        await world.WithinAMinuteAsync("Receiving", "Unknown", "ReportRefused");
        var message = await world.MessageAsync("Receiving");
        Assert.Contains("cp-1", message, StringComparison.Ordinal);
        Assert.Contains("not signed with this Trail's key", message, StringComparison.Ordinal);
        var status = (await world.TrailAsync())!.Status!;
        Assert.Equal(1, status.Agents!.Reporting);
        Assert.Equal("ReportRefused", status.Nodes!.Single(node => node.Name == "cp-1").Reason);
        Assert.Null(status.Nodes!.Single(node => node.Name == "cp-2").Reason);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("<html>")]
    [InlineData("{\"agent\":{\"trail\":\"main\"}}")]
    public async Task WhatIsNoStatusIsNotBelieved(string answer)
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        world.Nodes.AgentOf("cp-1", "main").Answers = () => Encoding.UTF8.GetBytes(answer);

        await world.WithinAMinuteAsync("Receiving", "Unknown", "ReportRefused");
    }

    [Fact]
    public async Task AnAnswerOfMoreThanAMegabyteIsNotRead()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        world.Nodes.AgentOf("cp-1", "main").Answers = () => new byte[2 << 20];

        await world.UntilAsync(
            "nothing is reported", async () => (await world.TrailAsync())!.Status!.Agents!.Reporting == 0, seconds: 120);
    }

    [Fact]
    public async Task AnotherNodesAnswerIsNotThisNodes()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"]);

        world.Nodes.AgentOf("cp-1", "main").Says = status => status with { Agent = status.Agent with { NodeName = "cp-2" } };

        await world.WithinAMinuteAsync("Receiving", "Unknown", "ReportRefused");
        Assert.Contains("the agent of node cp-2 answers there", await world.MessageAsync("Receiving"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyThatIsDeletedIsMadeAgainAndAgentsAreBelievedAgain()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"]);

        await world.User.DeleteAsync(
            Kubernetes.ResourceType.Of<k8s.Models.V1Secret>(), new(Some.Namespace, "clustertrail-main-status-key"), uid: null, Cancel);

        await world.UntilAsync(
            "there is another",
            async () => await world.User.GetAsync<k8s.Models.V1Secret>(
                Kubernetes.ResourceType.Of<k8s.Models.V1Secret>(), new(Some.Namespace, "clustertrail-main-status-key"), Cancel) is not null,
            seconds: 60);
        await world.UntilAsync("agents are believed", async () => await world.ConditionAsync("Receiving") == ("True", "ReadingLogs"), 300);
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Agents;

namespace ClusterTrail.Operator.Tests.Agents;

public sealed class ReportProblemTests
{
    [Fact]
    public void WhatAnAgentSaysIsBelieved() => Assert.Null(ReportProblem.Of(Some.Status(), "main", "cp-1", Some.Noon));

    [Fact]
    public void AnotherTrailsAgentIsNotCounted() =>
        Assert.Equal("the agent of Trail main answers there.", ReportProblem.Of(Some.Status(), "other", "cp-1", Some.Noon));

    [Theory]
    [InlineData("agent")]
    [InlineData("selectors")]
    [InlineData("spool")]
    [InlineData("sources")]
    [InlineData("sinks")]
    public void WhatIsNullIsToldAndFailsNothing(string field)
    {
        var json = Json();
        json[field] = null;

        Assert.Equal("its status lacks a field that every agent reports.", ReportProblem.Of(Read(json), "main", "cp-1", Some.Noon));
        Assert.Equal("its status lacks a field that every agent reports.", ReportProblem.Of(null, "main", "cp-1", Some.Noon));
    }

    [Theory]
    [InlineData("sources")]
    [InlineData("sinks")]
    public void SoIsAnItemOfAList(string list)
    {
        var json = Json();
        json[list]!.AsArray().Add(null);

        Assert.NotNull(ReportProblem.Of(Read(json), "main", "cp-1", Some.Noon));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void ACounterThatCannotBeIsTold(long count)
    {
        var status = Some.Status();

        Assert.Equal(
            "a number of its status is out of range.",
            ReportProblem.Of(status with { Sources = [status.Sources[0] with { ReadEvents = count }] }, "main", "cp-1", Some.Noon));
    }

    static JsonObject Json() => (JsonObject)JsonSerializer.SerializeToNode(Some.Status(), StatusJson.Default.AgentStatus)!;

    static AgentStatus? Read(JsonObject json) => json.Deserialize(StatusJson.Default.AgentStatus);
}

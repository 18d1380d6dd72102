using ClusterTrail.Testing;

namespace ClusterTrail.Contract.Tests.Reading;

public sealed class ContractFileTests
{
    [Theory]
    [InlineData("", 1)]
    [InlineData("{", 1)]
    [InlineData("{\n\"clusterName\": prod\n}", 2)]
    [InlineData("{\n\n\n\"clusterName\" \"prod\"\n}", 4)]
    [InlineData("clusterName: prod\n", 1)]
    [InlineData("{} {}", 1)]
    public void WhatIsNotJsonIsToldWithItsLine(string text, int line)
    {
        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(text));

        Assert.StartsWith($"agent.json: not JSON, line {line}, byte ", Assert.Single(refusal), StringComparison.Ordinal);
    }

    [Fact]
    public void CommentsAndTrailingCommasAreTaken()
    {
        var text = Some.Agent().ToJsonString().Insert(1, "// why\n/* and how */")[..^1] + ",}";

        var configuration = ContractFiles.LoadAgent(text);

        Assert.Equal("prod", configuration.ClusterName);
    }

    [Fact]
    public void AFileThatIsMissingIsNamed()
    {
        using var folder = new TemporaryFolder();

        var refusal = ContractFiles.Refusal(() => Contracts.LoadAgent(folder.Join("agent.json")));

        Assert.StartsWith($"{folder.Join("agent.json")}: the file cannot be read: ", Assert.Single(refusal), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderInPlaceOfTheFileIsNamed()
    {
        using var folder = new TemporaryFolder();

        var refusal = ContractFiles.Refusal(() => Contracts.LoadSelectors(folder.Path));

        Assert.StartsWith($"{folder.Path}: the file cannot be read: ", Assert.Single(refusal), StringComparison.Ordinal);
    }
}

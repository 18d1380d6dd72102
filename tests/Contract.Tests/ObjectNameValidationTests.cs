namespace ClusterTrail.Contract.Tests;

/// <summary>Names that are right one by one, and too long together.</summary>
public sealed class ObjectNameValidationTests
{
    [Theory]
    [InlineData("clusterName", 247)]
    [InlineData("trail", 249)]
    [InlineData("nodeName", 250)]
    public void AFolderOfAnArchiveHasAtMost255Bytes(string field, int most)
    {
        Assert.NotNull(ContractFiles.LoadAgent(Some.Agent().With(field, Text('n', most))));

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(Some.Agent().With(field, Text('n', most + 1))));

        Assert.Equal(
            $"agent.json: {field} is {most + 1} bytes long; allowed: at most {most} with a Directory sink, since it is in a folder's name.",
            Assert.Single(refusal));
    }

    [Fact]
    public void NamesOf253CharactersFitIntoAKeyOfS3()
    {
        var file = Some.AgentToS3().With("clusterName", Text('c', 253)).With("trail", Text('t', 253)).With("nodeName", Text('n', 253));

        Assert.NotNull(ContractFiles.LoadAgent(file));
    }

    [Fact]
    public void APrefixThatMakesKeysTooLongIsNamedWithWhatItMustLose()
    {
        var file = Some.AgentToS3().With("clusterName", Text('c', 253)).With("trail", Text('t', 253)).With("nodeName", Text('n', 253)).With(
            "sink.s3.prefix", Text('\u00e4', 200));

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal(
            "agent.json: sink.s3.prefix makes objects' names too long: with clusterName, trail, nodeName they have up to 1276 bytes, "
                + "and S3 takes keys of at most 1024; allowed: 252 bytes less.",
            Assert.Single(refusal));
    }

    [Fact]
    public void AnArchiveTooDeepIsNamed()
    {
        var file = Some.Agent().With("sink.directory.path", $"\"{string.Concat(Enumerable.Repeat("/" + new string('d', 99), 40))}\"");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.StartsWith(
            "agent.json: sink.directory.path makes objects' names too long: with clusterName, trail they have up to 4",
            Assert.Single(refusal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stateDirectory", 3968)]
    [InlineData("sources[0].logFile.path", 4096)]
    public void APathThatNoFileSystemTakesIsRefused(string field, int bytes)
    {
        var path = string.Concat(Enumerable.Repeat("/d", bytes / 2));

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(Some.Agent().With(field, $"\"{path}\"")));

        Assert.Contains($"{field} is", Assert.Single(refusal), StringComparison.Ordinal);
        Assert.Contains("a path of at most", refusal[0], StringComparison.Ordinal);
        Assert.NotNull(ContractFiles.LoadAgent(Some.Agent().With(field, $"\"{path[2..]}\"")));
    }

    [Fact]
    public void APartOfAPathHasAtMost255Bytes()
    {
        var refusal = ContractFiles.Refusal(() =>
            ContractFiles.LoadAgent(Some.Agent().With("stateDirectory", $"\"/{new string('s', 256)}\"")));

        Assert.Contains("each part of it of at most 255", Assert.Single(refusal), StringComparison.Ordinal);
    }

    static string Text(char letter, int length) => $"\"{new string(letter, length)}\"";
}

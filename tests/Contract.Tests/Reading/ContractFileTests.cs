using System.Text;
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
        Assert.DoesNotContain("LineNumber", refusal[0], StringComparison.Ordinal);
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

    [Fact]
    public void AByteOrderMarkIsNotPartOfTheFile()
    {
        Assert.Equal("prod", ContractFiles.LoadAgent("\ufeff" + Some.Agent().ToJsonString()).ClusterName);
        Assert.Single(ContractFiles.LoadSelectors("\ufeff" + Some.Selectors().ToJsonString()).RuleSets);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\u00ff")]
    public void AStringThatIsNotUnicodeIsNamedWithItsLine(string text)
    {
        var json = Encoding.Latin1.GetBytes($"{{\n  \"trail\": \"{text}\" }}");

        var refusal = ContractFiles.Refusal(() => Contracts.ParseAgent("agent.json", json));

        Assert.Equal(
            "agent.json: not JSON, line 2, byte 12: a string is not valid UTF-8, or has one half of a surrogate pair.",
            Assert.Single(refusal));
    }

    [Theory]
    [InlineData("stateDirectory", "/state\\u0000", "/state\\u0000")]
    [InlineData("stateDirectory", "/state\\n", "/state\\u000a")]
    [InlineData("sources[0].logFile.path", "/log\\u001b[2J", "/log\\u001b[2J")]
    [InlineData("sources[0].logFile.rotatedPattern", "audit\\u0000*", "audit\\u0000*")]
    [InlineData("sources[0].logFile.rotatedFolder", "old\\u007f", "old\\u007f")]
    [InlineData("sink.directory.path", "/archive\\t", "/archive\\u0009")]
    [InlineData("selectors", "selectors\\u0000.json", "selectors\\u0000.json")]
    [InlineData("detections", "detections\\u0085.json", "detections\\u0085.json")]
    public void AControlCharacterInAPathIsNamedWithItsField(string field, string path, string shown)
    {
        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(Some.Agent().With(field, $"\"{path}\"")));

        Assert.Contains(
            refusal, sentence => sentence.StartsWith($"agent.json: {field} is \"{shown}\"; allowed: ", StringComparison.Ordinal));
    }

    [Fact]
    public void AControlCharacterInAPathOfAKeyIsNamedWithItsField()
    {
        var encryption = """{ "type": "Envelope", "envelope": { "recipientPaths": ["a.pem", "b\u0000.pem", ""] } }""";

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(Some.Agent().With("encryption", encryption)));

        Assert.Equal(2, refusal.Length);
        Assert.Contains("recipientPaths[1] is \"b\\u0000.pem\"; allowed: ", refusal[0], StringComparison.Ordinal);
        Assert.Contains("recipientPaths[2] is empty; allowed: ", refusal[1], StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;

namespace ClusterTrail.Contract.Tests.Reading;

public sealed class ContractShapeTests
{
    const string Number = "a whole number of at most 2147483647";
    const string LongNumber = "a whole number of at most 9223372036854775807";

    [Theory]
    [InlineData("clusterName", "5", "5", "a string")]
    [InlineData("clusterName", "true", "true", "a string")]
    [InlineData("clusterName", "null", "null", "a string")]
    [InlineData("clusterName", "{\n\"a\": 1}", "an object", "a string")]
    [InlineData("clusterName", "[\n]", "a list", "a string")]
    [InlineData("nodeName", "5", "5", "a string")]
    [InlineData("sources", "null", "null", "a list")]
    [InlineData("sources", "{}", "an object", "a list")]
    [InlineData("sources", "\"apiserver\"", "\"apiserver\"", "a list")]
    [InlineData("sources[0]", "null", "null", "an object")]
    [InlineData("sources[0]", "\"apiserver\"", "\"apiserver\"", "an object")]
    [InlineData("sources[0].type", "\"logFile\"", "\"logFile\"", "LogFile, Processes, Containers, Webhook, Bucket, EventHubs, Admission")]
    [InlineData("sources[0].type", "\"File\"", "\"File\"", "LogFile, Processes, Containers, Webhook, Bucket, EventHubs, Admission")]
    [InlineData("sources[0].type", "0", "0", "LogFile, Processes, Containers, Webhook, Bucket, EventHubs, Admission")]
    [InlineData("sources[0].type", "\"0\"", "\"0\"", "LogFile, Processes, Containers, Webhook, Bucket, EventHubs, Admission")]
    [InlineData("sources[0].type", "null", "null", "LogFile, Processes, Containers, Webhook, Bucket, EventHubs, Admission")]
    [InlineData("sources[0].logFile.startAt", "\"Middle\"", "\"Middle\"", "Beginning, End")]
    [InlineData("sources[0].logFile", "[]", "a list", "an object")]
    [InlineData("sink", "null", "null", "an object")]
    [InlineData("sink", "\"S3\"", "\"S3\"", "an object")]
    [InlineData("sink.type", "\"\"", "empty", "Directory, S3")]
    [InlineData("batch", "null", "null", "an object")]
    [InlineData("batch", "[]", "a list", "an object")]
    [InlineData("batch.compression", "\"Gzip\"", "\"Gzip\"", "an object")]
    [InlineData("batch.compression.type", "\"gzip\"", "\"gzip\"", "Zstd, Gzip")]
    [InlineData("batch.compression.type", "null", "null", "Zstd, Gzip")]
    [InlineData("batch.compression.level", "\"6\"", "\"6\"", Number)]
    [InlineData("batch.compression.level", "6.5", "6.5", Number)]
    [InlineData("batch.compression.level", "6e0", "6e0", Number)]
    [InlineData("batch.compression.level", "99999999999", "99999999999", Number)]
    [InlineData("batch.compression.level", "true", "true", Number)]
    [InlineData("spool.maxBytes", "\"1Gi\"", "\"1Gi\"", LongNumber)]
    [InlineData("spool.maxBytes", "9223372036854775808", "9223372036854775808", LongNumber)]
    [InlineData("encryption.envelope", "{\"recipientPaths\":[null]}", "null", "a string", "encryption.envelope.recipientPaths[0]")]
    [InlineData("encryption.envelope", "{\"recipientPaths\":[\"/a\",7]}", "7", "a string", "encryption.envelope.recipientPaths[1]")]
    public void AValueOfAWrongTypeIsNamed(string field, string json, string value, string allowed, string? named = null)
    {
        var file = Some.Agent().With(field, json);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal($"agent.json: {named ?? field} is {value}; allowed: {allowed}.", Assert.Single(refusal));
    }

    [Theory]
    [InlineData("clusterName", "a string")]
    [InlineData("trail", "a string")]
    [InlineData("stateDirectory", "a string")]
    [InlineData("sources", "a list")]
    [InlineData("sources[0].name", "a string")]
    [InlineData("sources[0].type", "LogFile, Processes, Containers, Webhook, Bucket, EventHubs, Admission")]
    [InlineData("sources[0].logFile.path", "a string")]
    [InlineData("sink", "an object")]
    [InlineData("sink.type", "Directory, S3")]
    [InlineData("sink.directory.path", "a string")]
    public void AMissingFieldIsNamed(string field, string allowed)
    {
        var file = Some.Agent().Without(field);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal($"agent.json: {field} is missing; allowed: {allowed}.", Assert.Single(refusal));
    }

    [Theory]
    [InlineData("clustername")]
    [InlineData("batch.maxAge")]
    [InlineData("sources[0].logFile.Path")]
    [InlineData("sink.directory.bucket")]
    public void AFieldThatIsUnknownIsToldWithThoseThatAre(string field)
    {
        var file = Some.Agent().With(field, "1");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.StartsWith($"agent.json: {field} is not a field; allowed: ", Assert.Single(refusal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"clusterName\":\"prod\"", "clusterName")]
    [InlineData("\"name\":\"apiserver\"", "sources[0].name")]
    [InlineData("\"path\":\"/archive\"", "sink.directory.path")]
    public void AFieldGivenTwiceIsNamed(string member, string field)
    {
        var text = Some.Agent().ToJsonString().Replace(member, $"{member},{member}", StringComparison.Ordinal);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(text));

        Assert.Equal($"agent.json: {field} is given twice; allowed: once.", Assert.Single(refusal));
    }

    [Theory]
    [InlineData("6")]
    [InlineData("10")]
    [InlineData("null")]
    [InlineData("\"high\"")]
    public void AFieldThatWasRemovedIsToldWithWhatToWrite(string json)
    {
        var file = Some.Agent().With("batch.gzipLevel", json);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal(
            "agent.json: batch.gzipLevel was removed; leave it out to compress with zstd, or write \"compression\": "
                + "{\"type\": \"Gzip\", \"level\": 6} in its place.",
            Assert.Single(refusal));
    }

    [Fact]
    public void TheKnownFieldsAreListed()
    {
        var file = Some.Agent().With("batch.maxAge", "1");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal(
            "agent.json: batch.maxAge is not a field; allowed: maxBytes, maxAgeSeconds, maxQuietAgeSeconds, compression.",
            Assert.Single(refusal));
    }

    [Fact]
    public void AllThatIsWrongIsToldAtOnce()
    {
        var file = Some.Agent().Without("trail").With("clusterName", "5").With("batch.maxAge", "1").With("sources[0].type", "\"x\"");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal(
            ["batch.maxAge", "clusterName", "sources[0].type", "trail"],
            refusal.Select(sentence => sentence.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[]", "a list")]
    [InlineData("null", "null")]
    [InlineData("\"agent\"", "\"agent\"")]
    public void AFileThatIsNoObjectIsRefused(string text, string value)
    {
        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(text));

        Assert.Equal($"agent.json: the file is {value}; allowed: an object.", Assert.Single(refusal));
    }

    [Fact]
    public void ANameWithALineBreakStaysWithinItsSentence()
    {
        var file = Some.Agent();
        file["cluster\nName"] = JsonValue.Create("a");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.StartsWith("agent.json: cluster\\u000aName is not a field", Assert.Single(refusal), StringComparison.Ordinal);
    }
}

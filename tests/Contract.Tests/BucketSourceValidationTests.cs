using System.Text.Json.Nodes;

namespace ClusterTrail.Contract.Tests;

public sealed class BucketSourceValidationTests
{
    /// <summary>No value of these equals its default.</summary>
    public static readonly BucketSourceConfiguration Bucket = new()
    {
        Bucket = "audit",
        Prefix = "eks/",
        Region = "eu-central-1",
        Endpoint = "https://s3.example",
        PathStyle = true,
        CaPath = "/ca.pem",
        Credentials = new()
        {
            Type = S3CredentialsType.Static,
            Static = new() { AccessKeyIdPath = "/id", SecretAccessKeyPath = "/secret", SessionTokenPath = "/token" },
        },
        Format = FeedFormat.GkeCloudLogging,
        StartAt = FeedStart.Now,
        PollIntervalSeconds = 5,
        LatenessSeconds = 7200,
        QueueUrl = "https://sqs.eu-central-1.amazonaws.com/123456789012/audit",
        TimeoutSeconds = 30,
        JournalMaxBytes = 64 << 20,
        MaxEventBytes = 1 << 20,
    };

    [Fact]
    public void ABucketAndAFormatAreEnough()
    {
        var source = Assert.Single(ContractFiles.LoadAgent(Agent("""{"bucket":"audit","format":"EksCloudWatch"}""")).Sources);

        Assert.Equal(
            new BucketSourceConfiguration { Bucket = "audit", Format = FeedFormat.EksCloudWatch, Credentials = source.Bucket!.Credentials },
            source.Bucket);
        Assert.Equal(
            (FeedStart.Beginning, 30, 3600), (source.Bucket.StartAt, source.Bucket.PollIntervalSeconds, source.Bucket.LatenessSeconds));
    }

    [Theory]
    [InlineData("\"bucket\":\"\"", ".bucket is empty; allowed: a bucket's name.")]
    [InlineData("\"bucket\":\"a/b\"", ".bucket is \"a/b\"; allowed: a bucket's name.")]
    [InlineData(
        "\"prefix\":\"/eks\"",
        ".prefix is \"/eks\"; allowed: the beginning of objects' names, without a slash before it or control characters.")]
    [InlineData("\"endpoint\":\"store:9000\"", ".endpoint is \"store:9000\"; allowed: a URL that starts with https:// or http://.")]
    [InlineData("\"queueUrl\":\"audit\"", ".queueUrl is \"audit\"; allowed: a URL that starts with https:// or http://.")]
    [InlineData("\"caPath\":\"ca.pem\"", ".caPath is \"ca.pem\"; allowed: an absolute path.")]
    [InlineData("\"pollIntervalSeconds\":0", ".pollIntervalSeconds is 0; allowed: a whole number from 1 to 3600.")]
    [InlineData("\"latenessSeconds\":1", ".latenessSeconds is 1; allowed: a whole number from 60 to 604800.")]
    [InlineData("\"journalMaxBytes\":1", ".journalMaxBytes is 1; allowed: a whole number from 67108864 to 1125899906842624.")]
    [InlineData("\"credentials\":{\"type\":\"Static\"}", ".credentials.static is missing; allowed: an object, because the type is Static.")]
    public void WhatIsWrongIsNamed(string member, string problem)
    {
        var bucket = JsonNode.Parse("""{"bucket":"audit","format":"GkeCloudLogging"}""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{member}}}")!.AsObject())
            bucket[name] = value!.DeepClone();

        Assert.Equal(
            [$"agent.json: sources[0].bucket{problem}"], ContractFiles.Refusal(() => ContractFiles.LoadAgent(Agent(bucket.ToJsonString()))));
    }

    [Fact]
    public void TheObjectIsThatOfTheType()
    {
        var none = Agent("{}");
        none["sources"]![0]!.AsObject().Remove("bucket");

        Assert.Equal(
            ["agent.json: sources[0].bucket is missing; allowed: an object, because the type is Bucket."],
            ContractFiles.Refusal(() => ContractFiles.LoadAgent(none)));
    }

    static JsonObject Agent(string bucket) => JsonNode.Parse(
        $$"""
        {
          "clusterName": "prod", "trail": "main", "stateDirectory": "/var/lib/clustertrail",
          "sources": [{ "name": "eks", "type": "Bucket", "bucket": {{bucket}} }],
          "sink": { "type": "Directory", "directory": { "path": "/archive" } }
        }
        """)!.AsObject();
}

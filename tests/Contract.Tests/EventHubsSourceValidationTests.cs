using System.Text.Json.Nodes;

namespace ClusterTrail.Contract.Tests;

public sealed class EventHubsSourceValidationTests
{
    /// <summary>No value of these equals its default.</summary>
    public static readonly EventHubsSourceConfiguration EventHubs = new()
    {
        Namespace = "acme.servicebus.windows.net",
        EventHub = "kube-audit",
        ConsumerGroup = "clustertrail",
        ConnectionStringPath = "/connection",
        Endpoint = "sb://10.1.2.3:5671",
        CaPath = "/ca.pem",
        StartAt = FeedStart.Now,
        TimeoutSeconds = 30,
        JournalMaxBytes = 64 << 20,
        MaxEventBytes = 1 << 20,
    };

    const string Enough = """{"namespace":"acme.servicebus.windows.net","eventHub":"kube-audit","connectionStringPath":"/c"}""";

    [Fact]
    public void ANamespaceAHubAndAConnectionStringAreEnough()
    {
        var source = Assert.Single(ContractFiles.LoadAgent(Agent(Enough)).Sources);

        Assert.Equal(
            new EventHubsSourceConfiguration
            {
                Namespace = "acme.servicebus.windows.net",
                EventHub = "kube-audit",
                ConnectionStringPath = "/c",
            },
            source.EventHubs);
        Assert.Equal(("$Default", FeedStart.Beginning, 60),
            (source.EventHubs!.ConsumerGroup, source.EventHubs.StartAt, source.EventHubs.TimeoutSeconds));
    }

    [Theory]
    [InlineData(
        "\"namespace\":\"sb://acme.servicebus.windows.net/\"",
        ".namespace is \"sb://acme.servicebus.windows.net/\"; allowed: the host name of a namespace, such as acme.servicebus.windows.net.")]
    [InlineData("\"eventHub\":\"\"", ".eventHub is empty; allowed: the name of an event hub.")]
    [InlineData("\"eventHub\":\"a/b\"", ".eventHub is \"a/b\"; allowed: the name of an event hub.")]
    [InlineData("\"consumerGroup\":\"$other\"", ".consumerGroup is \"$other\"; allowed: the name of a consumer group.")]
    [InlineData("\"connectionStringPath\":\"c\"", ".connectionStringPath is \"c\"; allowed: an absolute path.")]
    [InlineData(
        "\"endpoint\":\"https://acme\"", ".endpoint is \"https://acme\"; allowed: sb:// with a host, and a port if it is not 5671.")]
    [InlineData("\"caPath\":\"ca.pem\"", ".caPath is \"ca.pem\"; allowed: an absolute path.")]
    [InlineData("\"timeoutSeconds\":0", ".timeoutSeconds is 0; allowed: a whole number from 1 to 3600.")]
    [InlineData("\"journalMaxBytes\":1", ".journalMaxBytes is 1; allowed: a whole number from 67108864 to 1125899906842624.")]
    [InlineData("\"maxEventBytes\":1", ".maxEventBytes is 1; allowed: a whole number from 4096 to 67108864.")]
    public void WhatIsWrongIsNamed(string member, string problem)
    {
        var hub = JsonNode.Parse(Enough)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{member}}}")!.AsObject())
            hub[name] = value!.DeepClone();

        Assert.Equal(
            [$"agent.json: sources[0].eventHubs{problem}"],
            ContractFiles.Refusal(() => ContractFiles.LoadAgent(Agent(hub.ToJsonString()))));
    }

    [Fact]
    public void TheObjectIsThatOfTheType()
    {
        var none = Agent("{}");
        none["sources"]![0]!.AsObject().Remove("eventHubs");

        Assert.Equal(
            ["agent.json: sources[0].eventHubs is missing; allowed: an object, because the type is EventHubs."],
            ContractFiles.Refusal(() => ContractFiles.LoadAgent(none)));
    }

    static JsonObject Agent(string hub) => JsonNode.Parse(
        $$"""
        {
          "clusterName": "prod", "trail": "main", "stateDirectory": "/var/lib/clustertrail",
          "sources": [{ "name": "aks", "type": "EventHubs", "eventHubs": {{hub}} }],
          "sink": { "type": "Directory", "directory": { "path": "/archive" } }
        }
        """)!.AsObject();
}

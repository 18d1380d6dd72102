using System.Text.Json.Nodes;

namespace ClusterTrail.Contract.Tests;

public sealed class ContainersValidationTests
{
    [Fact]
    public void ARuleNeedsOnlyItsNamespaces()
    {
        var source = Assert.Single(ContractFiles.LoadAgent(Agent("""{"rules":[{"namespaces":["shop"]}]}""")).Sources);

        Assert.Equal(("/var/log/pods", OutputFormat.Text), (source.Containers!.Path, source.Containers.Rules[0].Format));
    }

    [Theory]
    [InlineData("""{}""", ".rules is an empty list; allowed: at least one rule, or give rulesFile.")]
    [InlineData("""{"rulesFile":"r.json","path":"pods"}""", ".path is \"pods\"; allowed: an absolute path.")]
    [InlineData("""{"rulesFile":"r.json","dockerPath":"docker"}""", ".dockerPath is \"docker\"; allowed: an absolute path.")]
    [InlineData("""{"rulesFile":"r.json","maxLineBytes":1}""", ".maxLineBytes is 1; allowed: a whole number from 4096 to 1048576.")]
    [InlineData(
        """{"rulesFile":"r.json","maxHeldBytes":1}""", ".maxHeldBytes is 1; allowed: a whole number from 1048576 to 1099511627776.")]
    [InlineData(
        """{"rulesFile":"r.json","maxPartialBytes":1}""", ".maxPartialBytes is 1; allowed: a whole number from 1048576 to 1073741824.")]
    [InlineData("""{"rules":[{"namespaces":[]}]}""", ".rules[0].namespaces is an empty list; allowed: at least one namespace; * is any.")]
    [InlineData(
        """{"rules":[{"namespaces":["sh*"]}]}""",
        ".rules[0].namespaces[0] is \"sh*\"; allowed: * or the name of a namespace: 1 to 63 of a-z, 0-9 and '-'.")]
    [InlineData(
        """{"rules":[{"namespaces":["shop"],"pods":["a/b"]}]}""",
        ".rules[0].pods[0] is \"a/b\"; allowed: a name of a-z, 0-9, '-' and '.', with * for any characters.")]
    [InlineData(
        """{"rules":[{"namespaces":["shop"],"fields":[{"path":"verb","operator":"Exists"}]}]}""",
        ".rules[0].fields[0].path is \"verb\"; allowed: message, or a path that begins with message. or message[.")]
    public void WhatIsWrongIsNamed(string containers, string problem) => Assert.Equal(
        [$"agent.json: sources[0].containers{problem}"], ContractFiles.Refusal(() => ContractFiles.LoadAgent(Agent(containers))));

    static JsonObject Agent(string containers) => JsonNode.Parse(
        $$"""
        {
          "clusterName": "prod", "trail": "main", "stateDirectory": "/state",
          "sources": [{ "name": "output", "type": "Containers", "containers": {{containers}} }],
          "sink": { "type": "Directory", "directory": { "path": "/out" } }
        }
        """)!.AsObject();
}

using System.Text.Json.Nodes;

namespace ClusterTrail.Contract.Tests;

public sealed class ProcessesValidationTests
{
    [Fact]
    public void WithoutOptionsAllContainersAreRecorded()
    {
        var source = Assert.Single(ContractFiles.LoadAgent(Agent("{}")).Sources);

        Assert.Equal(new ProcessesConfiguration { EventsPerSecond = 1000, JournalMaxBytes = 64 << 20 }, source.Processes);
        Assert.Null(source.Processes!.Namespaces);
    }

    [Theory]
    [InlineData("""{"eventsPerSecond":0}""", ".eventsPerSecond is 0; allowed: a whole number from 1 to 100000.")]
    [InlineData("""{"journalMaxBytes":1024}""", ".journalMaxBytes is 1024; allowed: a whole number from 8388608 to 68719476736.")]
    [InlineData("""{"podLogsPath":"pods"}""", ".podLogsPath is \"pods\"; allowed: an absolute path.")]
    [InlineData("""{"containerLogsPath":""}""", ".containerLogsPath is empty; allowed: an absolute path.")]
    [InlineData(
        """{"namespaces":["shop","Shop"]}""",
        ".namespaces[1] is \"Shop\"; allowed: the name of a namespace: 1 to 63 of a-z, 0-9 and '-'.")]
    public void WhatIsWrongIsNamed(string processes, string problem) => Assert.Equal(
        [$"agent.json: sources[0].processes{problem}"], ContractFiles.Refusal(() => ContractFiles.LoadAgent(Agent(processes))));

    [Fact]
    public void TheObjectIsThatOfTheType()
    {
        var both = Agent("{}");
        both["sources"]![0]!["logFile"] = new JsonObject { ["path"] = "/var/log/audit.log" };
        Assert.Equal(
            ["agent.json: sources[0].logFile is given; allowed: omit it, because the type is Processes."],
            ContractFiles.Refusal(() => ContractFiles.LoadAgent(both)));

        var none = Agent("{}");
        none["sources"]![0]!.AsObject().Remove("processes");
        Assert.Equal(
            ["agent.json: sources[0].processes is missing; allowed: an object, because the type is Processes."],
            ContractFiles.Refusal(() => ContractFiles.LoadAgent(none)));
    }

    [Fact]
    public void OneSourceSeesAllProcesses()
    {
        var two = Agent("{}");
        two["sources"]!.AsArray().Add(new JsonObject { ["name"] = "more", ["type"] = "Processes", ["processes"] = new JsonObject() });

        Assert.Equal(
            ["agent.json: sources has several of type Processes; allowed: one, which sees all processes of the node."],
            ContractFiles.Refusal(() => ContractFiles.LoadAgent(two)));
    }

    static JsonObject Agent(string processes) => JsonNode.Parse(
        $$"""
        {
          "clusterName": "prod", "trail": "main", "stateDirectory": "/var/lib/clustertrail",
          "sources": [{ "name": "processes", "type": "Processes", "processes": {{processes}} }],
          "sink": { "type": "Directory", "directory": { "path": "/archive" } }
        }
        """)!.AsObject();
}

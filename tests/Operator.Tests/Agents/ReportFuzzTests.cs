using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Events;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Agents;

/// <summary>Agents' reports with random damage.</summary>
/// <remarks>
/// Whatever one answers, the Trail gets a status, of bounded size, that other agents count in.
/// CLUSTERTRAIL_TEST_SEED begins at another seed, CLUSTERTRAIL_TEST_SEQUENCES multiplies how many there are.
/// </remarks>
public sealed class ReportFuzzTests
{
    const int Usual = 3000;
    const int LargestStatus = 200_000;

    static readonly string[] Texts =
    [
        "", "\u0000", "\u001b[31m", "line\nline", "\u202e", new('x', 100_000), "null",
        "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00Z", "1e308",
        "-1", "cp-2", "other", "critical", "Idle", "\ud83d\ude00",
    ];

    static readonly JsonNode?[] Numbers =
    [
        long.MaxValue, long.MinValue, -1, 0, 1, int.MaxValue, 1e308, -0.5, 1L << 53, (1L << 53) + 1, 12345,
    ];

    [Fact]
    public void WhateverAnAgentAnswersTheOthersCount()
    {
        var first = Setting("CLUSTERTRAIL_TEST_SEED", 1);
        var runs = Usual * Setting("CLUSTERTRAIL_TEST_SEQUENCES", 1);
        var (refused, taken) = (0, 0);
        for (var seed = first; seed < first + runs; seed++)
        {
            try
            {
                if (Judge(new Random(seed)))
                    taken++;
                else
                    refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}");
            }
        }

        // Otherwise this would test little.
        Assert.True(refused > runs / 10 && taken > runs / 10, $"{refused} refused, {taken} taken.");
    }

    /// <returns>Whether the report was taken.</returns>
    static bool Judge(Random random)
    {
        var json = JsonSerializer.SerializeToNode(Full(), StatusJson.Default.AgentStatus)!;
        for (var left = random.Next(1, 4); left > 0; left--)
            Damage(json, random);
        var report = Read(json.ToJsonString());
        var good = Some.Status() with { Agent = Some.Status().Agent with { NodeName = "cp-2" } };
        var view = Some.View() with
        {
            Nodes = [new("cp-1") { Node = Some.Node("cp-1"), Agent = new(Some.Pod("cp-1"), report) }, Some.NodeView("cp-2", good)],
        };

        var status = TrailStatusBuilder.Build(view.After(TimeSpan.FromSeconds(10)));

        var text = JsonSerializer.Serialize(status, KubernetesJson.Options);
        Assert.True(text.Length < LargestStatus, $"The status has {text.Length} characters.");
        Assert.True(status.ReadEvents >= 100, "The other agent does not count.");
        Assert.All(status.Conditions!, condition => Assert.DoesNotContain(condition.Message!, char.IsControl));
        Assert.All(status.Conditions!, condition => Assert.InRange(condition.Reason!.Length, 1, 1024));
        Assert.True(status.LastEventTime <= view.Now.AddHours(1), "An event is of the future.");
        _ = new FindingLedger(view.Now).Due([report.Status ?? good], view.Now);
        return report.Status is not null;
    }

    // What the poller makes of an answer's body.
    static AgentReport Read(string body)
    {
        try
        {
            var status = JsonSerializer.Deserialize(body, StatusJson.Default.AgentStatus);
            return ReportProblem.Of(status, "main", "cp-1", Some.Noon) is { } problem
                ? new(null, problem, Some.Noon, IsAnswer: true, IsRefused: true)
                : new(CleanReport.Of(status!, Some.Noon), null, Some.Noon);
        }
        catch (JsonException)
        {
            return new(null, "its status cannot be read.", Some.Noon, IsAnswer: true, IsRefused: true);
        }
    }

    static AgentStatus Full()
    {
        var status = Some.Status();
        return status with
        {
            Sinks =
            [
                status.Sinks[0] with
                {
                    LastError = new(Some.Noon, Some.Noon.AddHours(-1), "AccessDenied", "The store refuses.", 9),
                    AsideBatches = 1,
                    FirstAside = new("b", Some.Noon, "TooLarge", "It is too large.", 3),
                },
            ],
            Notifications = status.Sinks[0],
            Selectors = status.Selectors with { Policy = Policy() },
            Detections = status.Detections! with
            {
                Findings = [new("pod-exec", "high", "d", 3, Some.Noon, "e")],
                CannotFire = [new("pod-exec", "level Request", 4)],
            },
        };
    }

    static PolicyStatus Policy() => new()
    {
        ObservedSeconds = 60,
        Rules = 1,
        Events = 9,
        Shortfalls =
        [
            new()
            {
                RuleSet = "main", Rule = 0, Verb = "update", Group = "apps", Resource = "deployments", Arrives = SelectorLevel.Metadata,
                Asked = SelectorLevel.Request, Undecided = false, Events = 2,
            },
        ],
        Others = 1,
    };

    static void Damage(JsonNode json, Random random)
    {
        var places = new List<(JsonNode Parent, string? Name, int At)>();
        Collect(json, places);
        if (places.Count == 0)
            return;
        var (parent, name, at) = places[random.Next(places.Count)];
        if (parent is JsonObject members)
            members[name!] = Other(members[name!], random);
        else
            parent.AsArray()[at] = Other(parent.AsArray()[at], random);
    }

    static JsonNode? Other(JsonNode? value, Random random) => (random.Next(8), value) switch
    {
        (0, _) => null,
        (1, _) => new JsonArray(null, 1, "x"),
        (2, JsonArray { Count: > 0 } items) => new JsonArray([.. Enumerable.Range(0, 3000).Select(_ => items[0]?.DeepClone())]),
        (3, _) => Numbers[random.Next(Numbers.Length)]?.DeepClone(),
        (_, JsonValue one) when one.GetValueKind() == JsonValueKind.Number => Numbers[random.Next(Numbers.Length)]?.DeepClone(),
        (_, JsonValue one) when one.GetValueKind() == JsonValueKind.String => Texts[random.Next(Texts.Length)],
        _ => value?.DeepClone(),
    };

    static void Collect(JsonNode? node, List<(JsonNode Parent, string? Name, int At)> places)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                places.Add((members, name, 0));
                Collect(value, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (var at = 0; at < items.Count; at++)
            {
                places.Add((items, null, at));
                Collect(items[at], places);
            }
        }
    }

    static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var set) ? set : usual;
}

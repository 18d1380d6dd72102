using System.Net.Http.Json;
using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.EndToEnd.Policies;

/// <summary>A real API server with an audit policy that records less than selectors ask for, and then with the change that is told.</summary>
[Requires(Requires.Cluster)]
public sealed class PolicyDriftTests
{
    const string Policy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        rules:

        """;

    const string Rules = """
        - level: Metadata
          resources: [{ group: "", resources: [configmaps, serviceaccounts] }]
        - level: RequestResponse
        """;

    static readonly RuleSet Selectors = new()
    {
        Name = "main",
        Rules =
        [
            new() { Level = SelectorLevel.Request, Resources = [new() { Resources = ["configmaps", "secrets"] }] },
            new()
            {
                Level = SelectorLevel.Metadata,
                Resources = [new() { Resources = ["serviceaccounts"] }],
                Fields = [new() { Path = "requestObject.metadata.name", Operator = FieldOperator.Equals, Values = ["drift"] }],
            },
        ],
    };

    static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatThePolicyLosesIsToldAndTheChangeGivesIt()
    {
        var drifted = await PolicyOfAsync(Policy + Rules);

        Assert.Equal(
            [
                ("create", "configmaps", 0, SelectorLevel.Request, false, 2L), ("create", "serviceaccounts", 1, SelectorLevel.Request, true, 1L),
                ("delete", "configmaps", 0, SelectorLevel.Request, false, 1L),
            ],
            drifted.Shortfalls.Where(IsOurs).OrderBy(one => (one.Verb, one.Resource)).Select(one =>
                (one.Verb, one.Resource, one.Rule, one.Asked, one.Undecided, one.Events)));
        Assert.All(drifted.Shortfalls, one => Assert.Equal(("main", "", SelectorLevel.Metadata), (one.RuleSet, one.Group, one.Arrives)));

        var change = PolicyChange.Of(
            [Selectors],
            [.. drifted.Shortfalls.Select(one => new Lacking(one.RuleSet, one.Rule, one.Verb, one.Group, one.Resource, one.Asked))]);
        var changed = string.Concat(change.Rules.Select(rule => PolicyText.OneLine(rule.Rule) + "\n"));
        TestContext.Current.SendDiagnosticMessage(changed);
        var mended = await PolicyOfAsync(Policy + changed + Rules);

        Assert.Empty(mended.Shortfalls);
        Assert.True(mended.Events >= 4, $"{mended.Events} events");
    }

    // kube-apiserver makes ConfigMaps of its own when it starts, at any time.
    static bool IsOurs(PolicyShortfall one) => one.Verb != "update";

    static async Task<PolicyStatus> PolicyOfAsync(string policy)
    {
        await using var server = await ClusterServer.StartAsync(new() { AuditPolicy = policy }, Cancellation).OrSkipAsync();
        using var folder = new AgentFolder();
        File.WriteAllBytes(Path.Combine(folder.Root, "selectors.json"), Contracts.Write(new SelectorsFile { RuleSets = [Selectors] }));
        var configuration = folder.Configuration;
        var source = configuration.Sources[0];
        using var agent = AgentProcess.Start(folder.Root, configuration with
        {
            Selectors = "selectors.json",
            Sources = [source with { LogFile = source.LogFile! with { Path = server.AuditLog, StartAt = StartAt.End } }],
        });
        using var http = new HttpClient();
        var status = new Uri(await agent.Url, "status");
        await Eventually.HoldsAsync("the log is followed", async () =>
            (await http.GetFromJsonAsync<AgentStatus>(status, Web, Cancellation))!.Sources[0].File.Length > 0, Cancellation);
        await AskAsync(server.Http);
        await Eventually.HoldsAsync("all requests were logged", () => Task.FromResult(File.ReadLines(server.AuditLog).Any(IsLast)), Cancellation);
        var length = new FileInfo(server.AuditLog).Length;
        await Eventually.HoldsAsync("all requests were read", async () =>
            (await http.GetFromJsonAsync<AgentStatus>(status, Web, Cancellation))!.Sources[0].Offset >= length, Cancellation);
        return (await http.GetFromJsonAsync<AgentStatus>(status, Web, Cancellation))!.Selectors.Policy!;
    }

    static bool IsLast(string line) =>
        line.Contains("\"verb\":\"delete\"", StringComparison.Ordinal) && line.Contains("drift-0", StringComparison.Ordinal)
        && line.Contains("ResponseComplete", StringComparison.Ordinal);

    static async Task AskAsync(HttpClient api)
    {
        await CreateAsync(api, "ConfigMap", "configmaps", "drift-0");
        await CreateAsync(api, "ConfigMap", "configmaps", "drift-1");
        await CreateAsync(api, "ServiceAccount", "serviceaccounts", "drift");
        (await api.GetAsync(new Uri("/api/v1/namespaces/default/configmaps/drift-0", UriKind.Relative), Cancellation)).Dispose();
        (await api.GetAsync(new Uri("/api/v1/namespaces/default/configmaps", UriKind.Relative), Cancellation)).Dispose();
        (await api.DeleteAsync(new Uri("/api/v1/namespaces/default/configmaps/unknown", UriKind.Relative), Cancellation)).Dispose();
        (await api.DeleteAsync(new Uri("/api/v1/namespaces/default/configmaps/drift-0", UriKind.Relative), Cancellation)).Dispose();
    }

    static async Task CreateAsync(HttpClient api, string kind, string resource, string name)
    {
        using var answer = await api.PostAsJsonAsync(
            $"/api/v1/namespaces/default/{resource}", new { apiVersion = "v1", kind, metadata = new { name } }, Cancellation);
        answer.EnsureSuccessStatusCode();
    }
}

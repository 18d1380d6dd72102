using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

/// <summary>Whose processes are recorded, as a file says that may change.</summary>
public sealed class ProcessesAskedTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly List<bool> reloads = [];
    readonly JsonIndex index = new();
    KnownLabels labels = KnownLabels.None;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheFileMayChangeWhileTheAgentRuns()
    {
        Write("""{"namespaces":["shop"]}""");
        var asked = Of(new() { NamespacesFile = "processes.json" });
        Assert.Equal(["shop"], asked()!);

        Change("""{"namespaces":["bank","shop"]}""");
        Assert.Equal(["bank", "shop"], asked()!.Order());
        Change("oops");
        Assert.Equal(["bank", "shop"], asked()!.Order());
        Change("""{"namespaces":[]}""");
        Assert.Empty(asked()!);
        Change("{}");
        Assert.Null(asked());
        Assert.Equal([true, true, false, true, true], reloads);
    }

    [Fact]
    public void AFileThatIsWrongAtTheStartIsRejected()
    {
        Write("""{"namespaces":["A"]}""");

        var refused = Assert.Throws<ConfigurationException>(() => Of(new() { NamespacesFile = "processes.json" }));

        Assert.Contains("namespaces[0] is \"A\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAFileTheConfigurationDecides()
    {
        Assert.Equal(["shop"], Of(new() { Namespaces = ["shop"] })()!);
        Assert.Null(Of(new())());
    }

    [Theory]
    [InlineData("cart-0", "app", true)]
    [InlineData("cart-0", "sidecar", false)]
    [InlineData("web-0", "app", false)]
    [InlineData("cart-0", "", true)]
    [InlineData("", "", true)]
    public void RulesDecideByPodAndContainer(string pod, string container, bool isIncluded)
    {
        var asked = Asked(new() { Rules = [new() { Namespaces = ["shop"], Pods = ["cart-*"], Containers = ["app"] }] });

        Assert.Equal(isIncluded, Includes(asked, "shop", pod, container));
        Assert.Equal(isIncluded, Includes(asked, "shop", pod, container));
    }

    [Fact]
    public void ANamespaceThatNoRuleNamesIsNotIncluded()
    {
        var asked = Asked(new() { Rules = [new() { Namespaces = ["shop"], Pods = ["cart-*"] }, new() { Namespaces = ["bank"] }] });

        Assert.False(Includes(asked, "other", "cart-0", "app"));
        Assert.True(Includes(asked, "bank", "vault-0", "app"));
        Assert.True(Includes(asked, "", "", ""));
    }

    [Fact]
    public void LabelsDecideOnceTheyAreKnown()
    {
        var asked = Asked(new()
        {
            Rules = [new() { Namespaces = ["shop"], PodLabels = new() { MatchLabels = new Dictionary<string, string> { ["tier"] = "web" } } }],
        });
        Assert.True(Includes(asked, "shop", "cart-0", "app"));

        Label("tier", "db");
        Assert.False(Includes(asked, "shop", "cart-0", "app"));
        Label("tier", "web");
        Assert.True(Includes(asked, "shop", "cart-0", "app"));
    }

    [Fact]
    public void OtherRulesCountFromTheNextProcessOn()
    {
        Write("""{"namespaces":["shop"],"rules":[{"namespaces":["shop"],"pods":["cart-*"]}]}""");
        var asked = Asked(new() { NamespacesFile = "processes.json" });
        Assert.True(Includes(asked, "shop", "cart-0", "app"));

        Change("""{"namespaces":["shop"],"rules":[{"namespaces":["shop"],"pods":["web-*"]}]}""");
        asked.Namespaces();
        Assert.False(Includes(asked, "shop", "cart-0", "app"));
        Change("""{"namespaces":["shop"]}""");
        asked.Namespaces();
        Assert.True(Includes(asked, "shop", "cart-0", "app"));
    }

    [Fact]
    public void AWrongRuleIsNamed()
    {
        Write("""{"rules":[{"namespaces":["shop"],"pods":["A B"]}]}""");

        var refused = Assert.Throws<ConfigurationException>(() => Asked(new() { NamespacesFile = "processes.json" }));

        Assert.Contains("rules[0].pods[0] is \"A B\"", refused.Message, StringComparison.Ordinal);
    }

    bool Includes(ProcessesAsked asked, string @namespace, string pod, string container)
    {
        var names = $$"""
            "id":"c-{{@namespace}}{{pod}}{{container}}","name":"{{container}}","namespace":"{{@namespace}}","pod":"{{pod}}","podUID":"u-1"
            """;
        var text = System.Text.Encoding.UTF8.GetBytes(
            "{\"kind\":\"ProcessEvent\",\"apiVersion\":\"audit.clustertrail.io/v1alpha1\",\"time\":\"2026-11-26T10:00:00.000000Z\","
                + $"\"container\":{{{names}}}}}");
        Assert.True(ProcessEvent.TryParse(text, index, out var process, out var reason), reason);
        return asked.Includes(process);
    }

    void Label(string key, string value) => labels = new(
        new Dictionary<string, IReadOnlyDictionary<string, string>> { ["u-1"] = new Dictionary<string, string> { [key] = value } }, value);

    Func<IReadOnlySet<string>?> Of(ProcessesConfiguration processes) => Asked(processes).Namespaces;

    ProcessesAsked Asked(ProcessesConfiguration processes) =>
        new(processes, folder.Join("agent.json"), () => labels, reloads.Add, time, NullLogger.Instance);

    void Change(string json)
    {
        Write(json);
        time.Advance(TimeSpan.FromSeconds(1));
    }

    void Write(string json) => File.WriteAllText(folder.Join("processes.json"), json);
}

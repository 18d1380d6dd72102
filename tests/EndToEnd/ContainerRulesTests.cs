using System.Text.Json;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd;

/// <summary>The file of rules for containers' output changes while an agent runs.</summary>
public sealed class ContainerRulesTests : IDisposable
{
    const string Pod = "shop_cart-0_8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    const string OfTheShop = """{"rules":[{"namespaces":["shop"]}]}""";

    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    readonly AgentFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task RulesTakeEffectWithoutARestartAndBrokenOnesDoNot()
    {
        Rules("""{"rules":[]}""");
        Write("one");
        using var agent = AgentProcess.Start(folder.Root, Configuration);
        var url = await agent.Url;
        await AgentStatusPage.WaitAsync(url, status => Message(status) == "No rule: nothing is recorded.", Timeout);

        Rules(OfTheShop);
        await AgentStatusPage.WaitAsync(url, status => Read(status) == 1 && Message(status) is null, Timeout);

        Rules("""{"rules": oops""");
        await AgentStatusPage.WaitAsync(
            url, status => Message(status)?.StartsWith("The rules before it remain: ", StringComparison.Ordinal) == true, Timeout);
        Write("two");
        await AgentStatusPage.WaitAsync(url, status => Read(status) == 2, Timeout);

        Rules("""{"rules":[{"namespaces":["bank"]}]}""");
        await AgentStatusPage.WaitAsync(url, status => Message(status) is null && Pods(status) == 0, Timeout);
        Write("three");
        Rules(OfTheShop);
        await AgentStatusPage.WaitAsync(url, status => Read(status) == 3 && AgentStatusPage.IsDone(status), Timeout);

        Assert.Equal(0, await agent.StopAsync());
        Assert.Equal(
            ["one", "two", "three"],
            ArchivedRecords.OfFolder(folder.ArchivePath).Select(record => record.GetProperty("event").GetProperty("message").GetString())
                .OrderBy(message => Array.IndexOf(["one", "two", "three"], message)));
    }

    AgentConfiguration Configuration => folder.Configuration with
    {
        Sources =
        [
            new()
            {
                Name = "output",
                Type = SourceType.Containers,
                Containers = new() { Path = Path.Combine(folder.Root, "pods"), RulesFile = "rules.json", PollIntervalMilliseconds = 50 },
            },
        ],
    };

    static JsonElement Source(JsonElement status) => status.GetProperty("sources")[0];

    static string? Message(JsonElement status) => Source(status).TryGetProperty("message", out var message) ? message.GetString() : null;

    static long Read(JsonElement status) => Source(status).GetProperty("readEvents").GetInt64();

    static int Pods(JsonElement status) => Source(status).GetProperty("containers").GetProperty("pods").GetInt32();

    // As a mounted ConfigMap changes: at once.
    void Rules(string json)
    {
        var path = Path.Combine(folder.Root, "rules.json");
        File.WriteAllText(path + ".tmp", json);
        File.Move(path + ".tmp", path, overwrite: true);
    }

    void Write(string text)
    {
        var log = Directory.CreateDirectory(Path.Combine(folder.Root, "pods", Pod, "app"));
        File.AppendAllText(Path.Combine(log.FullName, "0.log"), $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffffff}00Z stdout F {text}\n");
    }
}

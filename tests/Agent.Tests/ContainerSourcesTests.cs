using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

public sealed class ContainerSourcesTests : IDisposable
{
    const string Pod = "shop_cart-0_8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly List<bool> reloads = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void ABrokenFileOfRulesIsToldAndTheRulesBeforeItRemain()
    {
        Rules("""{"rules":[{"namespaces":["shop"]}]}""");
        var log = Directory.CreateDirectory(Path.Combine(folder.Join("pods"), Pod, "app")).FullName + "/0.log";
        var configuration = new ContainersConfiguration { Path = folder.Join("pods"), RulesFile = "rules.json" };
        var feed = new ContainerSources(
            configuration, folder.Join("agent.json"), new(folder.Join("labels.json"), Some.Origin, () => { }, time, null), reloads.Add,
            time, NullLogger.Instance).Feed;
        using var source = feed.Open(null, new(_ => { }, _ => { }, _ => { }));
        source.Begin();
        Assert.Null(source.View.Notice);

        Rules("""{"rules": oops""");
        File.WriteAllText(log, "2026-11-26T10:00:00.000000001Z stdout F one\n");
        Assert.Equal(1, Read(source));
        Assert.StartsWith("The rules before it remain: ", source.View.Notice, StringComparison.Ordinal);
        Assert.Contains("rules.json", source.View.Notice, StringComparison.Ordinal);

        Rules("""{"rules":[{"namespaces":["bank"]}]}""");
        File.AppendAllText(log, "2026-11-26T10:00:00.000000002Z stdout F two\n");
        Assert.Equal(0, Read(source));
        Assert.Null(source.View.Notice);
        Assert.Equal([false, true], reloads[^2..]);
    }

    void Rules(string json) => File.WriteAllText(folder.Join("rules.json"), json);

    int Read(ISource source)
    {
        var lines = 0;
        for (var look = 0; look < 5; look++)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            while (source.TryRead(out _))
            {
                lines++;
            }
        }

        return lines;
    }
}

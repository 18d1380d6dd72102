using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests;

/// <summary>Whose processes are recorded, as a file says that may change.</summary>
public sealed class ProcessNamespacesTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly List<bool> reloads = [];

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

    Func<IReadOnlySet<string>?> Of(ProcessesConfiguration processes) =>
        ProcessNamespaces.Of(processes, folder.Join("agent.json"), reloads.Add, time, NullLogger.Instance);

    void Change(string json)
    {
        Write(json);
        time.Advance(TimeSpan.FromSeconds(1));
    }

    void Write(string json) => File.WriteAllText(folder.Join("processes.json"), json);
}

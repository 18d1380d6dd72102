using System.Security.Cryptography;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

public sealed class ConfigurationFileTests : IDisposable
{
    readonly AgentFolder folder = new();
    readonly ManualTime time = new();
    readonly LoggedMessages<ConfigurationFileTests> log = new();
    readonly List<bool> counted = [];

    string Path => System.IO.Path.Combine(folder.Root, "agent.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void LoggingFollowsTheFile()
    {
        var file = Open(folder.Configuration);
        Assert.True(file.Logging);

        time.Advance(TimeSpan.FromMinutes(1));
        Look(file, folder.Configuration with { Logging = false });

        Assert.False(file.Logging);
        Assert.Equal((Hash(), time.GetUtcNow(), false), (file.Status.Hash, file.Status.LoadedAt, file.Status.Logging));
        Assert.Equal(Hash(), file.Hash);
        Assert.Null(file.Status.AtNextStart);
        Look(file, folder.Configuration);
        Assert.True(file.Logging);
        Assert.Equal(
            ["Logging is off: the agent delivers the batches that it holds and reads nothing "
                + "more.", "Logging is on: the agent continues reading where it stopped."],
            Logged("Logging is"));
        Assert.Equal([true, true, true], counted);
    }

    [Fact]
    public void AStartWithoutLoggingIsLogged()
    {
        var file = Open(folder.Configuration with { Logging = false });

        Assert.False(file.Logging);
        Assert.Single(Logged("Logging is off"));
    }

    [Fact]
    public void OtherFieldsWaitForTheNextStartAndAreLoggedOnce()
    {
        var before = folder.Configuration;
        var file = Open(before);
        var hash = Hash();
        var changed = before with { Batch = new() { MaxAgeSeconds = 7 }, ShutdownGraceSeconds = 3 };

        Look(file, changed);
        Look(file, changed with { Logging = false });

        Assert.Equal(before.Batch.MaxAgeSeconds, file.AtStart.Batch.MaxAgeSeconds);
        Assert.False(file.Logging);
        Assert.Equal(["batch", "shutdownGraceSeconds"], file.Status.AtNextStart);
        Assert.Equal([$"{Path}: the change of batch, shutdownGraceSeconds takes effect at the next start."], Logged("next start"));
        Assert.Equal(Hash(), file.Status.Hash);
        Assert.Equal(hash, file.Hash);

        Look(file, before with { Logging = false });
        Assert.Null(file.Status.AtNextStart);
        Assert.Equal(Hash(), file.Hash);
    }

    [Theory]
    [InlineData("{ \"logging\": false")]
    [InlineData("{ \"logging\": false }")]
    [InlineData(null)]
    public void AFileThatIsWrongOrAwayChangesNothingAndIsCountedAndShown(string? content)
    {
        var file = Open(folder.Configuration);
        var hash = file.Hash;
        File.Delete(Path);
        if (content is not null)
        {
            File.WriteAllText(Path, content);
        }

        file.Look();
        file.Look();

        Assert.True(file.Logging);
        Assert.Equal(hash, file.Hash);
        Assert.Contains(Path, file.Status.LastError);
        Assert.Equal([true, false], counted);
        Look(file, folder.Configuration);
        Assert.Null(file.Status.LastError);
    }

    [Fact]
    public void AFirstFileThatIsWrongIsRefused() =>
        Assert.Throws<ConfigurationException>(() => Open(folder.Configuration with { ShutdownGraceSeconds = -1 }));

    ConfigurationFile Open(AgentConfiguration configuration)
    {
        File.WriteAllBytes(Path, Contracts.Write(configuration));
        return new(Path, counted.Add, time, log);
    }

    void Look(ConfigurationFile file, AgentConfiguration configuration)
    {
        File.WriteAllBytes(Path, Contracts.Write(configuration));
        file.Look();
    }

    IEnumerable<string> Logged(string part) => log.Messages.Where(message => message.Contains(part, StringComparison.Ordinal));

    string Hash() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path)));
}

using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Agent.Files;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent.Tests.Files;

public sealed class ReloadedFileTests : IDisposable
{
    const string First = """{ "ruleSets": [{ "name": "a", "rules": [{ "level": "Metadata" }] }] }""";
    const string Second = """{ "ruleSets": [{ "name": "a", "rules": [{ "level": "Request" }] }, { "name": "b", "rules": [] }] }""";
    const string Wrong = """{ "ruleSets": [{ "name": "", "rules": [] }] }""";

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly List<bool> counted = [];

    string File => folder.Join("selectors.json");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void WithoutAFileAllIsRecorded()
    {
        var reloader = Reloader(null);

        Assert.Same(Selector.Everything, reloader.Current);
        Assert.Equal("none", reloader.Status.Hash);
        Assert.Empty(counted);
    }

    [Fact]
    public void TheFirstFileIsInForceAtOnce()
    {
        Write(First);

        var reloader = Reloader(File);

        Assert.Equal((HashOf(First), 1, null), (reloader.Status.Hash, reloader.Current.RuleSets, reloader.Status.LastError));
        Assert.Equal(time.GetUtcNow(), reloader.Status.LoadedAt);
        Assert.Equal([true], counted);
    }

    [Fact]
    public void AFirstFileThatIsWrongIsAnError()
    {
        Write(Wrong);

        Assert.Throws<ConfigurationException>(() => Reloader(File));
        Assert.Throws<ConfigurationException>(() => Reloader(folder.Join("missing.json")));
    }

    [Fact]
    public void AFileThatBecomesADeviceLeavesTheOldContentActive()
    {
        Write(First);
        var reloader = Reloader(File);
        System.IO.File.Delete(File);
        System.IO.File.CreateSymbolicLink(File, "/dev/zero");

        reloader.Look();

        Assert.Equal(HashOf(First), reloader.Status.Hash);
        Assert.Equal($"{File}: the file cannot be read: '{File}' is not a regular file.", reloader.Status.LastError);
    }

    [Fact]
    public void AChangeIsTakenOnce()
    {
        Write(First);
        var reloader = Reloader(File);
        var before = reloader.Current;
        Write(Second);
        time.Advance(TimeSpan.FromMinutes(1));

        reloader.Look();
        var after = reloader.Current;
        reloader.Look();

        Assert.NotSame(before, after);
        Assert.Same(after, reloader.Current);
        Assert.Equal((HashOf(Second), 2, time.GetUtcNow()), (reloader.Status.Hash, reloader.Current.RuleSets, reloader.Status.LoadedAt));
        Assert.Equal([true, true], counted);
    }

    [Fact]
    public void AFileThatDidNotChangeIsNotTakenAgain()
    {
        Write(First);
        var reloader = Reloader(File);
        var before = reloader.Current;
        Write(First);

        reloader.Look();

        Assert.Same(before, reloader.Current);
        Assert.Equal([true], counted);
    }

    [Fact]
    public void AWrongFileIsRefusedAndCountedOnceAndTheOldStays()
    {
        Write(First);
        var reloader = Reloader(File);
        var before = reloader.Current;
        Write(Wrong);

        reloader.Look();
        reloader.Look();
        reloader.Look();

        Assert.Same(before, reloader.Current);
        Assert.Equal(HashOf(First), reloader.Status.Hash);
        Assert.Contains("ruleSets[0].name is empty", reloader.Status.LastError, StringComparison.Ordinal);
        Assert.Equal([true, false], counted);
    }

    [Fact]
    public void ARightFileEndsTheError()
    {
        Write(First);
        var reloader = Reloader(File);
        Write(Wrong);
        reloader.Look();
        Write(Second);

        reloader.Look();

        Assert.Equal((HashOf(Second), null), (reloader.Status.Hash, reloader.Status.LastError));
        Assert.Equal([true, false, true], counted);
    }

    [Fact]
    public void GoingBackToWhatIsInForceEndsTheError()
    {
        Write(First);
        var reloader = Reloader(File);
        Write(Wrong);
        reloader.Look();
        Write(First);
        reloader.Look();
        var healed = reloader.Status.LastError;
        Write(Wrong);

        reloader.Look();

        Assert.Null(healed);
        Assert.NotNull(reloader.Status.LastError);
        Assert.Equal([true, false, false], counted);
    }

    [Fact]
    public void AFileThatIsRemovedChangesNothingUntilItIsBack()
    {
        Write(First);
        var reloader = Reloader(File);
        var before = reloader.Current;
        System.IO.File.Delete(File);
        reloader.Look();
        reloader.Look();
        var error = reloader.Status.LastError;
        Write(First);

        reloader.Look();

        Assert.Same(before, reloader.Current);
        Assert.Contains("cannot be read", error, StringComparison.Ordinal);
        Assert.Null(reloader.Status.LastError);
        Assert.Equal([true, false], counted);
    }

    [Fact]
    public void AConfigMapsSwapOfLinksIsTaken()
    {
        Mount("..v1", First);
        System.IO.File.CreateSymbolicLink(File, "..data/selectors.json");
        var reloader = Reloader(File);
        var before = reloader.Current;
        Mount("..v2", Second);
        Directory.Delete(folder.Join("..v1"), recursive: true);

        reloader.Look();

        Assert.NotSame(before, reloader.Current);
        Assert.Equal(HashOf(Second), reloader.Status.Hash);
    }

    ReloadedFile<Selector> Reloader(string? path) =>
        new(path, Selector.Everything, (file, json) => new(Contracts.ParseSelectors(file, json)), counted.Add, time, NullLogger.Instance);

    void Write(string text) => System.IO.File.WriteAllText(File, text);

    // As the kubelet does: a folder for each version, and one link that is replaced.
    void Mount(string version, string text)
    {
        Directory.CreateDirectory(folder.Join(version));
        System.IO.File.WriteAllText(folder.Join($"{version}/selectors.json"), text);
        System.IO.File.Delete(folder.Join("..data"));
        System.IO.File.CreateSymbolicLink(folder.Join("..data"), version);
    }

    static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

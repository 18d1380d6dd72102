using ClusterTrail.Agent.Sinks;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks;

public sealed class DirectorySinkTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PutMakesMissingFoldersForTheOwnerAlone()
    {
        var sink = new DirectorySink(folder.Join("var/archive"));

        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(batch.Content.ToArray(), File.ReadAllBytes(folder.Join($"var/archive/{batch.Name}")));
        foreach (var made in Directory.EnumerateDirectories(folder.Path, "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
    }

    [Fact]
    public async Task PutLeavesOneFileForTheOwnerAlone()
    {
        var sink = new DirectorySink(folder.Path);

        await sink.PutAsync(batch, CancellationToken.None);

        var stored = Assert.Single(Files());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(stored));
    }

    [Fact]
    public async Task PutOfWhatIsThereDoesNotWrite()
    {
        var sink = new DirectorySink(folder.Path);
        await sink.PutAsync(batch, CancellationToken.None);
        var before = File.GetLastWriteTimeUtc(folder.Join(batch.Name));

        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Single(Files());
        Assert.Equal(before, File.GetLastWriteTimeUtc(folder.Join(batch.Name)));
    }

    [Fact]
    public async Task PutKeepsAFileThatHasOtherBytes()
    {
        var sink = new DirectorySink(folder.Path);
        await sink.PutAsync(batch, CancellationToken.None);
        File.WriteAllText(folder.Join(batch.Name), "changed by somebody");

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("Conflict", failure.Code);
        Assert.Equal("changed by somebody", File.ReadAllText(folder.Join(batch.Name)));
    }

    [Fact]
    public async Task PutReplacesWhatACrashLeft()
    {
        var sink = new DirectorySink(folder.Path);
        var leftOver = folder.Join($"{Path.GetDirectoryName(batch.Name)}/.{Path.GetFileName(batch.Name)}.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(leftOver)!);
        File.WriteAllText(leftOver, "sea");

        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(folder.Join(batch.Name), Assert.Single(Files()));
        Assert.Equal(batch.Content.ToArray(), File.ReadAllBytes(folder.Join(batch.Name)));
    }

    [Fact]
    public async Task PutDoesNotFollowALinkPlantedAsItsTemporaryFile()
    {
        var sink = new DirectorySink(folder.Path);
        var victim = folder.Join("victim");
        File.WriteAllText(victim, "precious");
        var planted = folder.Join($"{Path.GetDirectoryName(batch.Name)}/.{Path.GetFileName(batch.Name)}.tmp");
        Directory.CreateDirectory(Path.GetDirectoryName(planted)!);
        File.CreateSymbolicLink(planted, victim);

        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public async Task AFileWhereAFolderShouldBeIsAnIOError()
    {
        var sink = new DirectorySink(folder.Path);
        File.WriteAllText(folder.Join("events"), "not a folder");

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("IOError", failure.Code);
        Assert.Contains(folder.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANameThatIsTooLongIsAboutTheBatch()
    {
        var sink = new DirectorySink(folder.Path);

        var failure = await Assert.ThrowsAsync<SinkException>(() =>
            sink.PutAsync(batch with { Name = $"events/{new string('n', 256)}/x.gz" }, CancellationToken.None));

        Assert.Equal(("NameTooLong", FailureScope.Batch), (failure.Code, failure.Scope));
    }

    [Fact]
    public async Task AReadOnlyVolumeIsAnIOError()
    {
        using var volume = SmallVolume.Mount(folder.Join("volume"), "ro");
        var sink = new DirectorySink(volume.Path);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("IOError", failure.Code);
    }

    [Fact]
    public async Task AFullVolumeIsNoSpaceUntilThereIsSomeAgain()
    {
        using var volume = SmallVolume.Mount(folder.Join("volume"), "size=64k");
        var sink = new DirectorySink(volume.Path);
        File.WriteAllBytes(Path.Combine(volume.Path, "other"), new byte[40_000]);
        var large = SealedObjects.Holding(new byte[40_000]);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(large, CancellationToken.None));
        var left = Files();
        File.Delete(Path.Combine(volume.Path, "other"));
        await sink.PutAsync(large, CancellationToken.None);

        Assert.Equal("NoSpace", failure.Code);
        Assert.Equal(Path.Combine(volume.Path, "other"), Assert.Single(left));
        Assert.Equal(large.Content.ToArray(), File.ReadAllBytes(Path.Combine(volume.Path, large.Name)));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/outside")]
    [InlineData("events/../../outside")]
    public async Task ANameThatLeavesTheArchiveIsRefused(string name)
    {
        var sink = new DirectorySink(folder.Join("archive"));

        await Assert.ThrowsAsync<ArgumentException>(() => sink.PutAsync(batch with { Name = name }, CancellationToken.None));

        Assert.Empty(Files());
    }

    string[] Files() => Directory.GetFiles(folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
}

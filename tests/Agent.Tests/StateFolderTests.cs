using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

public sealed class StateFolderTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly List<string> reported = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    string Path => folder.Join("state");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AHeldFolderIsNoProblem()
    {
        using var state = StateFolder.Take(Path);

        state.EnsureHeld();

        Assert.Null(state.Problem);
    }

    [Fact]
    public async Task ARemovedFolderEndsTheWatchAndSaysWhatIsLost()
    {
        using var state = StateFolder.Take(Path);
        Directory.Delete(Path, recursive: true);

        var lost = await Assert.ThrowsAsync<StateFolderLostException>(() => state.WatchAsync(reported.Add, TimeProvider.System, Cancel));

        Assert.Contains($"{Path} was removed while the agent ran", lost.Message, StringComparison.Ordinal);
        Assert.Equal([lost.Message], reported);
        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public async Task AFolderThatAnotherAgentMadeInItsPlaceIsNotWrittenInto()
    {
        using var state = StateFolder.Take(Path);
        Directory.Delete(Path, recursive: true);
        using var others = StateFolder.Take(Path);

        Assert.Throws<StateFolderLostException>(state.EnsureHeld);
        others.EnsureHeld();
        await Assert.ThrowsAsync<StateFolderLostException>(() => state.WatchAsync(reported.Add, TimeProvider.System, Cancel));
    }

    [Fact]
    public async Task AFolderThatIsMovedAwayIsWaitedFor()
    {
        using var state = StateFolder.Take(Path);
        using var stop = new CancellationTokenSource();
        Directory.Move(Path, folder.Join("elsewhere"));
        var watching = state.WatchAsync(reported.Add, TimeProvider.System, stop.Token);

        Assert.Contains(
            "was moved away or covered", Assert.Throws<StateFolderLostException>(state.EnsureHeld).Message, StringComparison.Ordinal);
        Assert.False(watching.IsCompleted);
        Directory.Move(folder.Join("elsewhere"), Path);
        state.EnsureHeld();

        Assert.Null(state.Problem);
        Assert.Single(reported);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }
}

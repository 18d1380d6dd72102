using ClusterTrail.Operator.Anchors;

namespace ClusterTrail.Operator.Tests.Anchors;

public sealed class TurnsTests
{
    readonly Turns turns = new();

    [Fact]
    public async Task ASlowOneDelaysOnlyItsOwnNextTurn()
    {
        var (slow, quick) = (new TaskCompletionSource(), new TaskCompletionSource());
        await turns.BeginAsync("slow", () => slow.Task);

        await turns.BeginAsync("slow", () => throw new InvalidOperationException("The last one goes on."));
        await turns.BeginAsync("quick", () =>
        {
            quick.SetResult();
            return Task.CompletedTask;
        });

        await quick.Task;
        Assert.False(turns.IsIdle);
        slow.SetResult();
        await turns.EndAsync();
        Assert.True(turns.IsIdle);
    }

    [Fact]
    public async Task AFailureIsNotSwallowed()
    {
        await turns.BeginAsync("main", () => throw new InvalidOperationException("As the test says."));
        await Assert.ThrowsAsync<InvalidOperationException>(turns.EndAsync);

        await Assert.ThrowsAsync<InvalidOperationException>(() => turns.BeginAsync("main", () => Task.CompletedTask));
    }
}

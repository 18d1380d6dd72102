using System.Collections.Concurrent;

namespace ClusterTrail.Operator.Anchors;

/// <summary>Work for several names at once, for each one turn at a time: a slow one delays only its own next turn.</summary>
sealed class Turns
{
    readonly ConcurrentDictionary<string, Task> running = new();

    /// <summary>Whether no turn is going on.</summary>
    public bool IsIdle => running.Values.All(turn => turn.IsCompleted);

    /// <summary>Begins a turn, unless the last one of this name goes on.</summary>
    /// <exception cref="Exception">The last one failed by this.</exception>
    public async Task BeginAsync(string name, Func<Task> turn)
    {
        if (running.TryGetValue(name, out var last))
        {
            if (!last.IsCompleted)
                return;
            await last;
        }

        running[name] = Task.Run(turn);
    }

    /// <summary>Waits until all have ended.</summary>
    public Task EndAsync() => Task.WhenAll(running.Values);
}

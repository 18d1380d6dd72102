using System.Runtime.InteropServices;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>SIGINT and SIGTERM: the first lets the command finish its line, the second ends the process at once.</summary>
sealed class Interruption : IDisposable
{
    // A command may wait for something that cannot be stopped, such as a pipe that nobody writes to.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource first = new();
    readonly PosixSignalRegistration[] signals;
    int received;

    internal Interruption() => signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(Register)];

    /// <summary>Runs a command to its exit code; after the first signal it has two seconds.</summary>
    internal async Task<int> RunAsync(Func<CancellationToken, Task<int>> command)
    {
        var running = Task.Run(() => command(first.Token));
        var interrupted = new TaskCompletionSource();
        await using var registration = first.Token.Register(interrupted.SetResult);
        if (await Task.WhenAny(running, interrupted.Task) != running)
            await Task.WhenAny(running, Task.Delay(Grace));
        return running.IsCompleted ? await running : (int)ExitCode.Interrupted;
    }

    public void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        first.Dispose();
    }

    // What is not cancelled has the system's own effect: the process ends, and its parent sees by which signal.
    PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = Interlocked.Increment(ref received) == 1;
        // Not on the signal's thread: the next signal would wait for whatever the command does about the first.
        _ = first.CancelAsync();
    });
}

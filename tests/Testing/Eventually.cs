using System.Diagnostics;

namespace ClusterTrail.Testing;

/// <summary>Waits for what another process brings about.</summary>
public static class Eventually
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="TimeoutException">It did not come to hold in half a minute.</exception>
    public static Task HoldsAsync(string what, Func<Task<bool>> holds, CancellationToken cancellationToken) =>
        HoldsAsync(what, Timeout, holds, cancellationToken);

    /// <exception cref="TimeoutException">It did not come to hold in that time.</exception>
    public static async Task HoldsAsync(string what, TimeSpan timeout, Func<Task<bool>> holds, CancellationToken cancellationToken)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            if (since.Elapsed > timeout)
                throw new TimeoutException($"In {timeout.TotalSeconds:0} s it did not come to pass that {what}.");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="TimeoutException">There was none in half a minute.</exception>
    public static async Task<T> IsThereAsync<T>(string what, Func<Task<T?>> find, CancellationToken cancellationToken)
        where T : class
    {
        T? found = null;
        await HoldsAsync($"there is {what}", async () => (found = await find()) is not null, cancellationToken);
        return found!;
    }
}

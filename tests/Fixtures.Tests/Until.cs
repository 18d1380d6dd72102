using System.Diagnostics;

namespace ClusterTrail.Fixtures.Tests;

static class Until
{
    static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static async Task HoldsAsync(Func<Task<bool>> holds)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            Assert.True(since.Elapsed < Timeout, $"It did not come to pass in {Timeout.TotalSeconds:0} s.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public static Task HoldsAsync(Func<bool> holds) => HoldsAsync(() => Task.FromResult(holds()));
}

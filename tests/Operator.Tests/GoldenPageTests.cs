using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Operator.Tests;

/// <summary>Alerts and scrapers live on this page: names, types, labels, buckets and help. Its values are those of one moment.</summary>
public sealed class GoldenPageTests : IAsyncDisposable
{
    readonly OperatorWorld world = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task ThePageIsAsItWas()
    {
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{FreePort.Next()}") };
        world.Listen = client.BaseAddress.Authority;
        world.StartOperator();

        await world.ApplyAsync(Some.Trail());
        await world.HasConditionAsync("Accepted", "True", "Valid");

        var page = "";
        await Eventually.HoldsAsync("the reconciler is done with the Trail", async () =>
        {
            page = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
            return page.Contains("clustertrail_operator_reconciles_total", StringComparison.Ordinal)
                && page.Contains("controller=\"trailselector\"", StringComparison.Ordinal); // Its loop may start later.
        }, Cancellation);
        Golden.Check(Path.Combine(SourceFolder(), "golden", "metrics.txt"), MetricsPage.WithoutValues(MetricsPage.Sorted(page)));
    }

    static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}

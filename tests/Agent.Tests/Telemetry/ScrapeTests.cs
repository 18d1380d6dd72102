using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Telemetry;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class ScrapeTests
{
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text")]
    public void AScrapeOfAllRulesAllocatesLessThanAMegabyte(string accept)
    {
        using var metrics = SomeTelemetry.Metrics();
        var rules = new DetectionsFile { Packs = [.. Packs.All.Select(pack => pack.Name)] }.Effective();
        new DetectionMetrics(metrics.Meter, "other").Declare(rules);
        var pages = SomeTelemetry.Pages() with { Metrics = metrics.Collector.WriteAsync };
        Scrape();

        var before = GC.GetAllocatedBytesForCurrentThread();
        var page = Scrape();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.TestOutputHelper!.WriteLine($"{allocated} bytes for a page of {page.Body.Length} bytes");
        Assert.True(page.Body.Length > 40_000, $"The page has {page.Body.Length} bytes.");
        Assert.InRange(allocated, page.Body.Length, 1_000_000);

        TelemetryPage Scrape()
        {
            var scrape = pages.FindAsync("/metrics", [accept], CancellationToken.None);
            Assert.True(scrape.IsCompletedSuccessfully, "It went on on another thread, whose allocations are not counted here.");
            return scrape.Result!;
        }
    }
}

using System.Diagnostics;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Telemetry;

[Requires(Requires.Prometheus)]
public sealed class PromtoolTests
{
    [Fact]
    public async Task PromtoolFindsNothingToSay()
    {
        using var metrics = SomeTelemetry.Metrics();
        var page = metrics.Collector.Page();

        using var promtool = await StartAsync();
        await promtool.StandardInput.WriteAsync(page);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    static async Task<Process> StartAsync()
    {
        var promtool = await Part.Prometheus.PathOfAsync("promtool", TestContext.Current.CancellationToken).OrSkipAsync();
        var check = new ProcessStartInfo(promtool, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true };
        return Process.Start(check)!;
    }
}

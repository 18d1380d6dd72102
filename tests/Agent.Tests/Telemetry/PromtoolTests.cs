using System.ComponentModel;
using System.Diagnostics;
using ClusterTrail.Agent.Telemetry;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class PromtoolTests
{
    [Fact]
    public async Task PromtoolFindsNothingToSay()
    {
        using var metrics = SomeTelemetry.Metrics();
        var page = Exposition.Write(metrics.Collector.Collect(), ExpositionFormat.PrometheusText);

        using var promtool = Start();
        await promtool.StandardInput.WriteAsync(page);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    static Process Start()
    {
        try
        {
            var check = new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true };
            return Process.Start(check)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("promtool is not installed: it comes with the Debian package prometheus.");
            throw;
        }
    }
}

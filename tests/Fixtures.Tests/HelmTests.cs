using System.Diagnostics;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

[Requires(Requires.Helm)]
public sealed class HelmTests
{
    [Fact]
    public async Task HelmIsOfVersion4()
    {
        var helm = await Part.Helm.PathOfAsync("helm", TestContext.Current.CancellationToken).OrSkipAsync();

        using var version = Process.Start(new ProcessStartInfo(helm, ["version", "--short"]) { RedirectStandardOutput = true })!;

        Assert.StartsWith(
            "v4.", await version.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}

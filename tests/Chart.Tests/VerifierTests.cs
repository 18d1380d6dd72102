using ClusterTrail.Fixtures;

namespace ClusterTrail.Chart.Tests;

[Requires(Requires.Helm)]
public sealed class VerifierTests
{
    static readonly string[] Verifier =
        ["--set=verifier.enabled=true", "--set=verifier.location=s3://audit", "--set=verifier.keys.configMapName=operators"];

    [Fact]
    public async Task AloneItIsNothingButItselfAndHasNoRights()
    {
        using var helm = await Helm.FindAsync();

        var rendered = await helm.RenderAsync([.. Verifier, "--set=verifier.only=true", "--set=verifier.podMonitor.enabled=true"]);

        Assert.Equal(
            ["Deployment", "NetworkPolicy", "PersistentVolumeClaim", "PodMonitor", "ServiceAccount"],
            rendered.Names.Select(name => name.Split('/')[0]));
        Assert.All(rendered.Names, name => Assert.EndsWith("/clustertrail-verifier", name, StringComparison.Ordinal));
        var pod = rendered["Deployment/clustertrail-verifier"]["spec"]!["template"]!["spec"]!;
        Assert.False((bool)pod["automountServiceAccountToken"]!);
        Assert.Equal("clustertrail-verifier", (string?)pod["serviceAccountName"]);
    }

    [Fact]
    public async Task ItFollowsTheArchiveWithTheKeysThatAreGiven()
    {
        using var helm = await Helm.FindAsync();

        var deployment = (await helm.RenderAsync(Verifier))["Deployment/clustertrail-verifier"];

        var container = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;
        Assert.Equal(
            [
                "verify", "s3://audit", "--keys=/etc/clustertrail-verifier/keys.pem", "--follow", "--interval=60", "--metrics=[::]:8080",
                "--state=/var/lib/clustertrail-verifier",
            ],
            container["args"]!.AsArray().Select(argument => (string)argument!));
        Assert.Null(container["env"]);
        Assert.Equal((1L, "Recreate"), ((long)deployment["spec"]!["replicas"]!, (string)deployment["spec"]!["strategy"]!["type"]!));
    }

    [Fact]
    public async Task TheOperatorsSelectorsDoNotSelectIt()
    {
        using var helm = await Helm.FindAsync();

        var rendered = await helm.RenderAsync(Verifier);

        string? Component(string name) => (string?)rendered[name]["spec"]!["selector"]!["matchLabels"]!["app.kubernetes.io/component"];
        Assert.Equal(
            ("operator", "verifier"), (Component("Deployment/clustertrail-operator"), Component("Deployment/clustertrail-verifier")));
    }

    [Theory]
    [InlineData("verifier.enabled=true", "verifier.location is required")]
    [InlineData("verifier.enabled=true,verifier.location=s3://audit", "verifier.keys.configMapName is required")]
    [InlineData("verifier.only=true", "there is nothing to install")]
    [InlineData("verifier.location=/archive", "/verifier/location")]
    [InlineData("verifier.intervalSeconds=0", "/verifier/intervalSeconds")]
    [InlineData("verifier.replicas=2", "'replicas'")]
    public async Task AWrongValueIsRefusedAndNamed(string value, string named)
    {
        using var helm = await Helm.FindAsync();

        var result = await helm.TryAsync("template", Helm.Release, Repository.Chart, "--set", value);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }
}

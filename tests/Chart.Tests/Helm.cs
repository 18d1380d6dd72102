using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Chart.Tests;

/// <summary>Helm, without anything of its user's.</summary>
sealed class Helm(string program, TemporaryFolder home) : IDisposable
{
    public const string Release = "clustertrail";

    /// <summary>The one namespace that every document names.</summary>
    public const string Namespace = "clustertrail-system";

    /// <summary>Every option on.</summary>
    public static string FullValues => Path.Combine(Repository.Chart, "ci", "full-values.yaml");

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<Helm> FindAsync() => new(await Part.Helm.PathOfAsync("helm", Cancelled).OrSkipAsync(), new());

    public Task<ToolResult> TryAsync(params IEnumerable<string> arguments) => Tool.RunAsync(
        program,
        arguments,
        new Dictionary<string, string>
        {
            ["HELM_CACHE_HOME"] = home.Join("cache"),
            ["HELM_CONFIG_HOME"] = home.Join("config"),
            ["HELM_DATA_HOME"] = home.Join("data"),
            ["KUBECONFIG"] = home.Join("none"),
        },
        Cancelled);

    /// <summary>What it prints.</summary>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    public async Task<string> RunAsync(params IEnumerable<string> arguments)
    {
        var result = await TryAsync(arguments);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"helm exited with {result.ExitCode}: {result.Error}");
    }

    /// <summary>The manifests of the chart, as of a release that no cluster knows.</summary>
    public Task<string> TemplateAsync(params IEnumerable<string> options) =>
        RunAsync(["template", Release, Repository.Chart, "--namespace", Namespace, .. options]);

    public async Task<Manifests> RenderAsync(params IEnumerable<string> options) => Manifests.Parse(await TemplateAsync(options));

    public void Dispose() => home.Dispose();
}

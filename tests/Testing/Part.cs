namespace ClusterTrail.Testing;

/// <summary>Programs that a script of <c>tools</c> installs into the user's cache folder.</summary>
public sealed class Part(string script)
{
    /// <summary>prometheus, promtool, alertmanager, amtool.</summary>
    public static readonly Part Prometheus = new("prometheus.sh");

    /// <summary>clickhouse-server.</summary>
    public static readonly Part ClickHouse = new("clickhouse.sh");

    /// <summary>helm.</summary>
    public static readonly Part Helm = new("helm.sh");

    /// <summary>chromium.</summary>
    public static readonly Part Chromium = new("chromium.sh");

    readonly ToolScript script = new(script);

    /// <summary>The path of one of the programs, installed if need be.</summary>
    /// <exception cref="MissingPartException">It cannot be installed here.</exception>
    public async Task<string> PathOfAsync(string program, CancellationToken cancellationToken) =>
        Path.Combine(await script.RunAsync(["install"], cancellationToken), program);
}

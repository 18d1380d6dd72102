using System.Text.Json;

namespace ClusterTrail.Testing;

/// <summary>What a Prometheus scrapes, evaluates and notifies.</summary>
public sealed record PrometheusConfiguration
{
    /// <summary>Files with rules, by absolute path.</summary>
    public IReadOnlyList<string> RuleFiles { get; init; } = [];

    /// <summary>What to scrape at <c>/metrics</c>, by the name of the job. The URL's path, if it has one, is taken instead.</summary>
    public IReadOnlyDictionary<string, Uri> Targets { get; init; } = new Dictionary<string, Uri>();

    /// <summary>Labels of all targets, as a PodMonitor's relabelling gives them. A scraped label of the same name stays.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Where alerts go, if anywhere.</summary>
    public Uri? Alertmanager { get; init; }

    /// <summary>How often it scrapes and evaluates.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(200);

    // JSON is YAML.
    internal byte[] ToYaml() => JsonSerializer.SerializeToUtf8Bytes(new
    {
        global = new { scrape_interval = Milliseconds, scrape_timeout = Milliseconds, evaluation_interval = Milliseconds },
        rule_files = RuleFiles,
        scrape_configs = Targets.Select(target => new
        {
            job_name = target.Key,
            scheme = target.Value.Scheme,
            metrics_path = target.Value.AbsolutePath is "/" ? "/metrics" : target.Value.AbsolutePath,
            honor_labels = true,
            static_configs = new[] { new { targets = new[] { target.Value.Authority }, labels = Labels } },
        }),
        alerting = new
        {
            alertmanagers = Alertmanager is { } url ? new[] { new { static_configs = StaticallyAt(url) } } : [],
        },
    });

    string Milliseconds => $"{Interval.TotalMilliseconds:0}ms";

    static object[] StaticallyAt(Uri url) => [new { targets = new[] { url.Authority } }];
}

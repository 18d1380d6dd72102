using System.Globalization;

namespace ClusterTrail.Benchmarks;

/// <summary>An agent's /metrics, read as Prometheus reads it.</summary>
sealed class MetricsPage(Uri agent) : IDisposable
{
    readonly HttpClient http = new() { BaseAddress = agent };

    /// <summary>The first series of this name; 0 when there is none.</summary>
    public async Task<double> ValueAsync(string name) => (await SeriesAsync(name)).FirstOrDefault();

    /// <summary>All series of this name together.</summary>
    public async Task<double> SumAsync(string name) => (await SeriesAsync(name)).Sum();

    async Task<IEnumerable<double>> SeriesAsync(string name) =>
        from line in (await http.GetStringAsync(new Uri("metrics", UriKind.Relative))).Split('\n')
        where line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is '{' or ' '
        select double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);

    public void Dispose() => http.Dispose();
}

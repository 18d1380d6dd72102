using System.Globalization;

namespace ClusterTrail.Benchmarks;

/// <summary>An agent's /metrics, read as Prometheus reads it.</summary>
sealed class MetricsPage(Uri agent) : IDisposable
{
    readonly HttpClient http = new() { BaseAddress = agent };

    public async Task<Values> ReadAsync() => new(await http.GetStringAsync(new Uri("metrics", UriKind.Relative)));

    public async Task<double> ValueAsync(string name) => (await ReadAsync())[name];

    public void Dispose() => http.Dispose();

    /// <summary>What the page said at one time.</summary>
    public sealed record Values(string Page)
    {
        /// <summary>All series of this name together; 0 when there is none.</summary>
        public double this[string name] =>
            (from line in Page.Split('\n')
             where line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is '{' or ' '
             select double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture)).Sum();
    }
}

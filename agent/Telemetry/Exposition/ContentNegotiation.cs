using Microsoft.Net.Http.Headers;
using Prometheus;

namespace ClusterTrail.Telemetry.Exposition;

/// <summary>Which text format a client gets: OpenMetrics only if it names it, Prometheus text otherwise.</summary>
public static class ContentNegotiation
{
    const string OpenMetrics = "application/openmetrics-text";

    public static string ContentType(ExpositionFormat format) => format == ExpositionFormat.OpenMetricsText
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <param name="accept">The values of the Accept header. Parts that cannot be parsed are ignored.</param>
    public static ExpositionFormat Choose(IList<string> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var accepted))
            return ExpositionFormat.PrometheusText;
        var openMetrics = accepted.Where(IsOpenMetrics).Select(Quality).DefaultIfEmpty(0).Max();
        var text = accepted.Where(IsPrometheusText).Select(Quality).DefaultIfEmpty(0).Max();
        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetricsText : ExpositionFormat.PrometheusText;
    }

    static bool IsOpenMetrics(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(OpenMetrics, StringComparison.OrdinalIgnoreCase) && Version(type) is null or "1.0.0";

    static bool IsPrometheusText(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase) && Version(type) is null or "0.0.4";

    static double Quality(MediaTypeHeaderValue type) => type.Quality ?? 1;

    static string? Version(MediaTypeHeaderValue type) => type.Parameters
        .Where(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))
        .Select(parameter => HeaderUtilities.RemoveQuotes(parameter.Value).ToString())
        .FirstOrDefault();
}

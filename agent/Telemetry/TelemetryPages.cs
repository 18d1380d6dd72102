using System.Text;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Telemetry;

/// <summary>What the telemetry server shows.</summary>
public sealed record TelemetryPages
{
    public required Func<IReadOnlyList<MetricFamily>> Metrics { get; init; }

    /// <summary>JSON, for programs and people; nothing if there is no such page.</summary>
    public Func<byte[]>? Status { get; init; }

    /// <summary>Why the program should be restarted, a sentence each.</summary>
    public required Func<IReadOnlyList<string>> HealthProblems { get; init; }

    /// <summary>Why the program is not to be counted on yet, or no more, a sentence each.</summary>
    public required Func<IReadOnlyList<string>> ReadinessProblems { get; init; }

    /// <summary>The page of a path, or nothing.</summary>
    public TelemetryPage? Find(string path, IList<string> accept) => path switch
    {
        "/metrics" => MetricsPage(ContentNegotiation.Choose(accept)),
        "/healthz" => ProblemsPage(HealthProblems()),
        "/readyz" => ProblemsPage(ReadinessProblems()),
        "/status" when Status is not null => new(StatusCodes.Status200OK, "application/json; charset=utf-8", Status()),
        _ => null,
    };

    TelemetryPage MetricsPage(ExpositionFormat format) => new(
        StatusCodes.Status200OK,
        ContentNegotiation.ContentType(format),
        Encoding.UTF8.GetBytes(Exposition.Write(Metrics(), format)));

    static TelemetryPage ProblemsPage(IReadOnlyList<string> problems) => problems.Count == 0
        ? TelemetryPage.Text(StatusCodes.Status200OK, "ok\n")
        : TelemetryPage.Text(StatusCodes.Status503ServiceUnavailable, string.Concat(problems.Select(problem => OneLine(problem) + "\n")));

    static string OneLine(string problem) => problem.ReplaceLineEndings(" ");
}

using System.Text;
using System.Text.Json;
using ClusterTrail.Contract.Status;
using Microsoft.AspNetCore.Http;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>What the telemetry server shows.</summary>
sealed record TelemetryPages
{
    public required Func<IReadOnlyList<MetricFamily>> Metrics { get; init; }

    public required Func<AgentStatus> Status { get; init; }

    /// <summary>Why the agent should be restarted, a sentence each: <see cref="Heartbeats.Problems"/>.</summary>
    public required Func<IReadOnlyList<string>> HealthProblems { get; init; }

    /// <summary>Why the agent does not do its work, a sentence each. A restart would not help.</summary>
    public required Func<IReadOnlyList<string>> ReadinessProblems { get; init; }

    /// <summary>The page of a path, or nothing.</summary>
    public TelemetryPage? Find(string path, IList<string> accept) => path switch
    {
        "/metrics" => MetricsPage(ContentNegotiation.Choose(accept)),
        "/healthz" => ProblemsPage(HealthProblems()),
        "/readyz" => ProblemsPage(ReadinessProblems()),
        "/status" => StatusPage(),
        _ => null,
    };

    TelemetryPage MetricsPage(ExpositionFormat format) => new(
        StatusCodes.Status200OK,
        ContentNegotiation.ContentType(format),
        Encoding.UTF8.GetBytes(Exposition.Write(Metrics(), format)));

    TelemetryPage StatusPage() => new(
        StatusCodes.Status200OK,
        "application/json; charset=utf-8",
        JsonSerializer.SerializeToUtf8Bytes(Status(), StatusJson.Default.AgentStatus));

    static TelemetryPage ProblemsPage(IReadOnlyList<string> problems) => problems.Count == 0
        ? TelemetryPage.Text(StatusCodes.Status200OK, "ok\n")
        : TelemetryPage.Text(StatusCodes.Status503ServiceUnavailable, string.Concat(problems.Select(problem => OneLine(problem) + "\n")));

    static string OneLine(string problem) => problem.ReplaceLineEndings(" ");
}

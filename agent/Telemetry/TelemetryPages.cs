using ClusterTrail.Telemetry.Exposition;
using Microsoft.AspNetCore.Http;
using Prometheus;

namespace ClusterTrail.Telemetry;

/// <summary>What the telemetry server shows.</summary>
public sealed record TelemetryPages
{
    public const string StatusPath = "/status";

    // Room for the page of an agent with all packs; more is found when it is needed.
    const int UsualPage = 64 << 10;

    /// <summary>Writes the metrics.</summary>
    public required Func<Stream, ExpositionFormat, CancellationToken, Task> Metrics { get; init; }

    /// <summary>JSON, for programs and people; nothing if there is no such page.</summary>
    public Func<byte[]>? Status { get; init; }

    /// <summary>How the JSON's answer is signed for who asks with a nonce; nothing if it cannot be.</summary>
    public Func<string, ReadOnlyMemory<byte>, string?>? SignStatus { get; init; }

    /// <summary>The header of a request for the JSON that has a nonce, and that of the signature in the answer.</summary>
    public (string Nonce, string Signature) SignatureHeaders { get; init; } = ("Nonce", "Signature");

    /// <summary>Pages for another program.</summary>
    public IReadOnlyList<TelemetryExchange> Exchanges { get; init; } = [];

    /// <summary>Why the program should be restarted, a sentence each.</summary>
    public required Func<IReadOnlyList<string>> HealthProblems { get; init; }

    /// <summary>Why the program is not to be counted on yet, or no more, a sentence each.</summary>
    public required Func<IReadOnlyList<string>> ReadinessProblems { get; init; }

    /// <summary>The page of a path, or nothing.</summary>
    public async Task<TelemetryPage?> FindAsync(string path, IList<string> accept, CancellationToken cancellationToken) => path switch
    {
        "/metrics" => await MetricsPageAsync(ContentNegotiation.Choose(accept), cancellationToken),
        "/healthz" => ProblemsPage(HealthProblems()),
        "/readyz" => ProblemsPage(ReadinessProblems()),
        StatusPath when Status is not null => new(StatusCodes.Status200OK, "application/json; charset=utf-8", Status()),
        _ => null,
    };

    async Task<TelemetryPage> MetricsPageAsync(ExpositionFormat format, CancellationToken cancellationToken)
    {
        using var page = new MemoryStream(UsualPage);
        await Metrics(page, format, cancellationToken);
        return new(StatusCodes.Status200OK, ContentNegotiation.ContentType(format), page.GetBuffer().AsMemory(0, (int)page.Length));
    }

    static TelemetryPage ProblemsPage(IReadOnlyList<string> problems) => problems.Count == 0
        ? TelemetryPage.Text(StatusCodes.Status200OK, "ok\n")
        : TelemetryPage.Text(StatusCodes.Status503ServiceUnavailable, string.Concat(problems.Select(problem => OneLine(problem) + "\n")));

    static string OneLine(string problem) => problem.ReplaceLineEndings(" ");
}

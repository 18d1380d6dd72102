using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>One probe of a container, asked over HTTP as its template says.</summary>
sealed class Probe
{
    readonly Uri url;
    readonly TimeSpan period;
    readonly TimeSpan timeout;
    readonly WorldSettings settings;
    readonly int enoughFailures;
    readonly int enoughSuccesses;
    DateTimeOffset due;
    int failures;
    int successes;

    public Probe(JsonNode template, JsonObject container, string ip, DateTimeOffset startedAt, WorldSettings settings)
    {
        var get = template["httpGet"]!;
        url = new(
            $"{((string?)get["scheme"] ?? "HTTP").ToLowerInvariant()}://{ip}:{Port(get["port"]!, container)}{(string?)get["path"] ?? "/"}");
        period = Seconds(template, "periodSeconds", 10);
        (timeout, this.settings) = (Seconds(template, "timeoutSeconds", 1), settings);
        enoughFailures = Number(template, "failureThreshold", 3);
        enoughSuccesses = Number(template, "successThreshold", 1);
        due = startedAt + Seconds(template, "initialDelaySeconds", 0);
    }

    /// <summary>Whether it has succeeded often enough, and not failed too often since.</summary>
    public bool Holds { get; private set; }

    /// <summary>Whether it has just failed once too often.</summary>
    public bool HasFailed => failures >= enoughFailures;

    /// <returns>What went wrong, if it was asked and did.</returns>
    public async Task<string?> AskAsync(HttpClient http, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < due)
            return null;
        due = due + period > now ? due + period : now + period;
        var problem = await ProblemAsync(http, cancellationToken);
        (failures, successes) = problem is null ? (0, successes + 1) : (failures + 1, 0);
        Holds = problem is null ? Holds || successes >= enoughSuccesses : Holds && !HasFailed;
        return problem;
    }

    async Task<string?> ProblemAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout < settings.ProbePatience ? timeout : settings.ProbePatience);
        try
        {
            using var answer = await http.GetAsync(url, limit.Token);
            return (int)answer.StatusCode is >= 200 and < 400 ? null : $"HTTP probe failed with statuscode: {(int)answer.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return $"Get \"{url}\": dial tcp {url.Authority}: connect: connection refused";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"Get \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
        }
    }

    static int Port(JsonNode port, JsonObject container) => port.GetValueKind() == System.Text.Json.JsonValueKind.String
        ? container["ports"]!.AsArray().Single(one => (string?)one!["name"] == (string?)port)!["containerPort"]!.GetValue<int>()
        : port.GetValue<int>();

    static int Number(JsonNode template, string name, int otherwise) => template[name]?.GetValue<int>() ?? otherwise;

    static TimeSpan Seconds(JsonNode template, string name, int otherwise) => TimeSpan.FromSeconds(Number(template, name, otherwise));
}

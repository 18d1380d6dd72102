using System.Globalization;
using System.Text.Json;

namespace ClusterTrail.WebConsole.Tests;

/// <summary>A record as an agent writes it.</summary>
sealed record SomeRecord
{
    internal static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    internal string Id { get; init; } = "r-1";

    internal string? Time { get; init; } = "2026-03-01T12:00:00.000000Z";

    internal string User { get; init; } = "ann";

    internal string? ActingAs { get; init; }

    internal string Verb { get; init; } = "get";

    internal string Group { get; init; } = "";

    internal string Resource { get; init; } = "secrets";

    internal string? Subresource { get; init; }

    internal string Namespace { get; init; } = "shop";

    internal string Name { get; init; } = "db-password";

    internal string Address { get; init; } = "10.1.2.3";

    internal string Agent { get; init; } = "kubectl/v1.36";

    internal int Status { get; init; } = 200;

    internal string? Error { get; init; }

    internal string Trail { get; init; } = "main";

    internal SomeRecord At(double seconds) => this with
    {
        Time = Noon.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
    };

    /// <summary>A finding about it.</summary>
    internal string Finding(string rule, string severity, string description = "Somebody ran a command in a pod.") => Json(new()
    {
        ["eventVersion"] = "1.0",
        ["eventID"] = $"{Id}-{rule}",
        ["eventTime"] = Time,
        ["eventCategory"] = "Insight",
        ["eventName"] = EventName,
        ["userIdentity"] = Identity(),
        ["sourceIPAddress"] = Address,
        ["clusterName"] = "prod",
        ["nodeName"] = "cp-1",
        ["trail"] = Trail,
        ["objectRef"] = Object(),
        ["insightDetails"] = new Dictionary<string, object?>
        {
            ["rule"] = rule,
            ["severity"] = severity,
            ["description"] = description,
            ["runbook"] = "https://clustertrail.example/runbooks/access#pod-exec",
            ["eventIDs"] = new[] { Id },
        },
    });

    /// <summary>A program that it started.</summary>
    internal string Process(string executable, params string[] arguments) => Json(new()
    {
        ["eventVersion"] = "1.0",
        ["eventID"] = $"{Id}-process",
        ["eventTime"] = Time,
        ["eventCategory"] = "Workload",
        ["eventName"] = "exec",
        ["userIdentity"] = Identity(),
        ["apiEventID"] = Id,
        ["clusterName"] = "prod",
        ["nodeName"] = "worker-1",
        ["trail"] = Trail,
        ["objectRef"] = Object(),
        ["event"] = new Dictionary<string, object?>
        {
            ["container"] = new { name = "app", @namespace = Namespace, pod = Name },
            ["process"] = new { executable, arguments },
            ["join"] = new { startedBy = "ApiRequest", apiEvents = new[] { new { eventID = Id } } },
        },
    });

    public override string ToString() => Json(new()
    {
        ["eventVersion"] = "1.0",
        ["eventID"] = Id,
        ["eventTime"] = Time,
        ["eventCategory"] = Subresource is "exec" ? "Data" : "Management",
        ["eventName"] = EventName,
        ["userIdentity"] = Identity(),
        ["sourceIPAddress"] = Address,
        ["errorCode"] = Error,
        ["clusterName"] = "prod",
        ["nodeName"] = "cp-1",
        ["trail"] = Trail,
        ["event"] = new Dictionary<string, object?>
        {
            ["level"] = "Metadata",
            ["auditID"] = $"audit-{Id}",
            ["stage"] = "ResponseComplete",
            ["verb"] = Verb,
            ["user"] = new { username = User, groups = new[] { "developers", "system:authenticated" } },
            ["userAgent"] = Agent,
            ["objectRef"] = Object(),
            ["responseStatus"] = new { code = Status },
        },
    });

    string EventName => $"{Verb} {Resource}{(Subresource is null ? "" : $"/{Subresource}")}";

    Dictionary<string, object?> Identity() => new() { ["type"] = "User", ["userName"] = User, ["actingAs"] = ActingAs };

    Dictionary<string, object?> Object() => new()
    {
        ["resource"] = Resource,
        ["subresource"] = Subresource,
        ["namespace"] = Namespace,
        ["name"] = Name,
        ["apiGroup"] = Group,
    };

    static string Json(Dictionary<string, object?> members) => JsonSerializer.Serialize(
        members.Where(member => member.Value is not null).ToDictionary(member => member.Key, member => member.Value));
}

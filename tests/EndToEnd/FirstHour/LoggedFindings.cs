using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.EndToEnd.FirstHour;

/// <summary>What the pack <c>baseline</c> finds in an audit log.</summary>
/// <param name="asInACluster">What a real cluster would have logged of an event of the test's; null for nothing.</param>
sealed class LoggedFindings(string log, Func<JsonObject, JsonObject?> asInACluster)
{
    readonly Detector detector = new(new(new DetectionsFile { Packs = ["baseline"] }.Effective()));
    readonly JsonIndex index = new();
    long read;

    /// <summary>The findings of what was logged since this was last asked, the gravest first.</summary>
    public IReadOnlyList<(DetectionSeverity Severity, string Rule, string Request)> Take()
    {
        var found = new List<(DetectionSeverity, string, string)>();
        foreach (var line in Lines())
        {
            if (asInACluster(JsonNode.Parse(line)!.AsObject()) is { } logged)
                found.AddRange(FindingsOf(Encoding.UTF8.GetBytes(logged.ToJsonString())));
        }
        return [.. found.OrderByDescending(finding => finding.Item1)];
    }

    IEnumerable<(DetectionSeverity, string, string)> FindingsOf(byte[] line)
    {
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out var reason), reason);
        detector.Detect(audit, new(new(1, 2), read));
        for (var rule = 0; rule < detector.Set.Detections.Count; rule++)
            _ = detector.TakeCounts(rule).ThrowIfFailed(detector.Set[rule].Rule.Name);
        return
        [
            .. from finding in detector.Findings
               let rule = detector.Set[finding.Rule].Rule
               select (rule.Severity, rule.Name, RequestOf(line)),
        ];
    }

    // Whole lines only: the last one may be under way.
    List<string> Lines()
    {
        using var file = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Position = read;
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        read += Encoding.UTF8.GetByteCount(whole);
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    static string RequestOf(byte[] line)
    {
        using var parsed = JsonDocument.Parse(line);
        var root = parsed.RootElement;
        return $"{root.GetProperty("user").GetProperty("username")} {root.GetProperty("verb")} {root.GetProperty("requestURI")} "
            + $"{root.GetProperty("responseStatus").GetProperty("code")}";
    }
}

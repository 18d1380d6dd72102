using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;

namespace ClusterTrail.Kubectl.Report;

/// <summary>A report as one JSON object.</summary>
static class ReportJson
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static string Of(ReportContent content) => new JsonObject
    {
        ["location"] = content.Location,
        ["framework"] = Frameworks.Name(content.For),
        ["cluster"] = content.Scope.Cluster,
        ["trail"] = content.Scope.Trail,
        ["node"] = content.Scope.Node,
        ["since"] = content.Range.Since,
        ["until"] = content.Range.Until,
        ["made"] = content.Made,
        ["problems"] = new JsonArray([.. content.Problems.Select(problem => (JsonNode)problem)]),
        ["integrity"] = Integrity(content),
        ["sections"] = new JsonArray([.. content.Answers.Select(answer => Section(content, answer))]),
        ["graveFindings"] = Findings(content),
    }.ToJsonString(Indented);

    static JsonObject Integrity(ReportContent content)
    {
        var integrity = new JsonObject
        {
            ["checked"] = content.Integrity is not null,
            ["verified"] = content.IsVerified,
            ["controls"] = Texts(Frameworks.OfIntegrity[content.For]),
            ["command"] = content.VerifyCommand,
        };
        if (content.Integrity is { } result)
        {
            integrity["gravest"] = result.Gravest(strict: false)?.ToString();
            integrity["chains"] = new JsonArray([.. result.Chains.Select(chain => new JsonObject
            {
                ["node"] = $"{chain.Node}",
                ["digests"] = chain.Digests,
                ["objects"] = chain.Objects,
                ["records"] = chain.Records,
                ["linesRead"] = chain.Read.Lines,
                ["unparsable"] = chain.Read.Unparsable,
                ["truncated"] = chain.Read.Truncated,
                ["gaps"] = chain.Read.Gaps,
                ["from"] = chain.From,
                ["verifiedUntil"] = chain.ProvenUntil,
                ["completeness"] = Completeness(chain.Completeness),
            })]);
            integrity["findings"] = new JsonArray([.. result.Findings.Findings.Select(finding => new JsonObject
            {
                ["kind"] = finding.Kind.ToString(),
                ["fails"] = finding.Kind.Fails(),
                ["node"] = $"{finding.Node}",
                ["message"] = finding.Message,
            })]);
        }

        return integrity;
    }

    static JsonObject Completeness(CompletenessTotals completeness) => new()
    {
        ["comparedUntil"] = completeness.ComparedUntil,
        ["missingAtLeast"] = completeness.Missing,
        ["missingAtMost"] = completeness.MostMissing,
        ["surplusAtLeast"] = completeness.Surplus,
        ["ofAll"] = completeness.OfAll,
        ["notCompared"] = completeness.NotCompared,
        ["notComparedSince"] = completeness.NotComparedSince,
    };

    static JsonObject Section(ReportContent content, SectionAnswer answer) => new()
    {
        ["id"] = answer.Section.Id,
        ["title"] = answer.Section.Title,
        ["controls"] = Texts(answer.Section.Controls[content.For]),
        ["count"] = answer.Count,
        ["rows"] = new JsonArray([.. answer.Rows.Select(row => new JsonObject(
            answer.Columns.Zip(row).Select(cell => KeyValuePair.Create(cell.First, (JsonNode?)cell.Second))))]),
        ["command"] = content.Command(answer.Section.Sql),
    };

    static JsonObject Findings(ReportContent content) => new()
    {
        ["count"] = content.Findings.Count,
        ["open"] = content.Findings.Open,
        ["findings"] = new JsonArray([.. content.Findings.First.Select(finding => new JsonObject
        {
            ["id"] = finding.Id,
            ["time"] = finding.Time,
            ["severity"] = finding.Severity,
            ["rule"] = finding.Rule,
            ["user"] = finding.User,
            ["what"] = finding.Object,
            ["reviewedBy"] = finding.By,
            ["note"] = finding.Note,
        })]),
        ["command"] = content.Command(FindingState.Sql),
    };

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}

using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>Reads of a record what the table shows.</summary>
/// <remarks>Guarantees: what a record takes in memory does not depend on its size.</remarks>
sealed class RecordReader
{
    const string Unknown = "-";

    static readonly IReadOnlyList<string> Grave = ["high", "critical"];
    static readonly IReadOnlyList<string> Narrow = ["TIME", "USER", "ACTION", "OBJECT", "SOURCE", "RESULT"];
    static readonly IReadOnlyList<string> More = ["CATEGORY", "CLUSTER", "NODE", "USER AGENT", "EVENT ID"];

    readonly bool isWide;

    readonly RecordField time = new("eventTime"), name = new("eventName"), category = new("eventCategory");
    readonly RecordField userName = new("userName"), actingAs = new("actingAs"), source = new("sourceIPAddress");
    readonly RecordField objectNamespace = new("namespace"), objectName = new("name");
    readonly RecordField findingNamespace = new("namespace"), findingName = new("name");
    readonly RecordField error = new("errorCode"), code = new("code"), rule = new("rule"), severity = new("severity");
    readonly RecordField program = new("executable"), output = new("message"), lossReason = new("reason");
    readonly RecordField id = new("eventID"), cluster = new("clusterName"), node = new("nodeName"), userAgent = new("userAgent");
    readonly RecordField count = new("count"), countedCode = new("statusCode"), countedAgent = new("userAgent");
    readonly RecordField record;

    /// <param name="isWide">Whether the less important columns are shown too.</param>
    internal RecordReader(bool isWide) => (this.isWide, record) = (isWide, new(
        "", time, name, category, source, error, id, cluster, node,
        new("userIdentity", userName, actingAs),
        new("insightDetails", rule, severity), new("aggregateDetails", count, countedCode, countedAgent),
        new("objectRef", findingNamespace, findingName),
        new(
            "event", output, userAgent, new("objectRef", objectNamespace, objectName), new("responseStatus", code), new("process", program),
            new("loss", lossReason))));

    /// <summary>One for each cell.</summary>
    internal IReadOnlyList<string> Headings => isWide ? [.. Narrow, .. More] : Narrow;

    /// <summary>Null where it is not a JSON object.</summary>
    internal TableRow? TryRead(ReadOnlySpan<byte> text)
    {
        if (!record.TryRead(text))
            return null;
        var narrow = new[] { time.Text, User, Action, Object, source.Text, Result };
        var cells = isWide ? [.. narrow, category.Text, cluster.Text, node.Text, userAgent.Text ?? countedAgent.Text, id.Text] : narrow;
        var safe = cells.Select(cell => string.IsNullOrEmpty(cell) ? Unknown : Printable.Escape(cell));
        return new([.. safe], Failed: error.Text is not null || Grave.Contains(severity.Text));
    }

    string? User => actingAs.Text is { } other ? $"{userName.Text ?? Unknown} as {other}" : userName.Text;

    // A finding stands beside the event that made it fire, and is none itself.
    string? Action => category.Text switch
    {
        "Insight" => $"finding: {name.Text ?? Unknown}",
        "Aggregate" => $"{count.Text ?? Unknown} × {name.Text ?? Unknown}",
        "Workload" when Detail is { } what => $"{name.Text ?? Unknown} {what}",
        _ => name.Text ?? category.Text,
    };

    // A record of a process or a container says little by its name alone.
    string? Detail => program.Text ?? output.Text ?? lossReason.Text;

    string? Object => (objectNamespace.Text ?? findingNamespace.Text) is { } its
        ? $"{its}/{objectName.Text ?? findingName.Text}"
        : objectName.Text ?? findingName.Text;

    string? Result => rule.Text is { } fired ? $"{severity.Text}: {fired}" : error.Text ?? code.Text ?? countedCode.Text;
}

namespace ClusterTrail.Kubectl.Printing;

/// <summary>A record as one row with a column for each thing that people ask for.</summary>
sealed class FlatRecord
{
    readonly RecordField time = new("eventTime"), id = new("eventID"), category = new("eventCategory"), name = new("eventName");
    readonly RecordField user = new("userName"), actingAs = new("actingAs"), address = new("sourceIPAddress"), error = new("errorCode");
    readonly RecordField cluster = new("clusterName"), node = new("nodeName"), trail = new("trail");
    readonly RecordField rule = new("rule"), severity = new("severity");
    readonly RecordField ownGroup = new("apiGroup"), ownResource = new("resource"), ownSubresource = new("subresource");
    readonly RecordField ownNamespace = new("namespace"), ownName = new("name"), ownReason = new("reason"), lossReason = new("reason");
    readonly RecordField group = new("apiGroup"), resource = new("resource"), subresource = new("subresource");
    readonly RecordField objectNamespace = new("namespace"), objectName = new("name");
    readonly RecordField status = new("code"), userAgent = new("userAgent"), auditId = new("auditID");
    readonly RecordField pod = new("pod"), container = new("name"), executable = new("executable");
    readonly RecordField count = new("count"), countedStatus = new("statusCode"), countedAgent = new("userAgent");
    readonly RecordField containerNamespace = new("namespace");
    readonly RecordField record;

    internal FlatRecord() => record = new(
        "", time, id, category, name, address, error, cluster, node, trail, ownReason,
        new("userIdentity", user, actingAs), new("insightDetails", rule, severity),
        new("aggregateDetails", count, countedStatus, countedAgent),
        new("objectRef", ownGroup, ownResource, ownSubresource, ownNamespace, ownName),
        new(
            "event", userAgent, auditId, new("objectRef", group, resource, subresource, objectNamespace, objectName),
            new("responseStatus", status), new("container", pod, container, containerNamespace), new("process", executable),
            new("loss", lossReason)));

    internal static IReadOnlyList<string> Columns { get; } =
    [
        "time", "id", "category", "user", "impersonated", "verb", "group", "resource", "subresource", "namespace", "name", "source_ip",
        "user_agent", "status", "reason", "cluster", "node", "trail", "rule", "severity", "pod", "container", "executable", "audit_id",
        "count",
    ];

    /// <summary>One for each column; null where the record has nothing.</summary>
    internal IReadOnlyList<string?> Cells =>
    [
        time.Text, id.Text, category.Text, user.Text, actingAs.Text, name.Text?.Split(' ')[0], group.Text ?? ownGroup.Text,
        resource.Text ?? ownResource.Text, subresource.Text ?? ownSubresource.Text,
        objectNamespace.Text ?? ownNamespace.Text ?? containerNamespace.Text, objectName.Text ?? ownName.Text, address.Text,
        userAgent.Text ?? countedAgent.Text, status.Text ?? countedStatus.Text, error.Text ?? ownReason.Text ?? lossReason.Text,
        cluster.Text, node.Text, trail.Text, rule.Text, severity.Text, pod.Text, container.Text, executable.Text, auditId.Text, count.Text,
    ];

    internal bool TryRead(ReadOnlySpan<byte> text) => record.TryRead(text);
}

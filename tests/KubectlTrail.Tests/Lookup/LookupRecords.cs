using System.Text.Json;

namespace ClusterTrail.Kubectl.Tests.Lookup;

/// <summary>Records to look for, and the ids of those that were found.</summary>
static class LookupRecords
{
    internal const string SecretRead = """
        {"eventVersion":"1.0","eventID":"s-1","eventTime":"2026-03-01T12:00:01Z","eventCategory":"Management","eventSource":"core","eventName":"get secrets","readOnly":true,"userIdentity":{"type":"User","userName":"ann"},"sourceIPAddress":"10.1.2.3","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-1","stage":"ResponseComplete","verb":"get","user":{"username":"ann","groups":["dev"]},"objectRef":{"resource":"secrets","namespace":"shop","name":"db","apiVersion":"v1"},"responseStatus":{"code":200},"userAgent":"kubectl/1.36"}}
        """;

    internal const string Exec = """
        {"eventVersion":"1.0","eventID":"e-1","eventTime":"2026-03-01T12:00:02Z","eventCategory":"Data","eventSource":"core","eventName":"create pods/exec","readOnly":false,"userIdentity":{"type":"User","userName":"bob","actingAs":"root"},"sourceIPAddress":"192.0.2.7","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-2","stage":"ResponseComplete","verb":"create","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0","subresource":"exec"},"responseStatus":{"code":101}}}
        """;

    internal const string Refused = """
        {"eventVersion":"1.0","eventID":"r-1","eventTime":"2026-03-01T12:00:03Z","eventCategory":"Management","eventSource":"apps","eventName":"delete deployments","readOnly":false,"userIdentity":{"type":"User","userName":"=cmd|' /C calc'!A0"},"sourceIPAddress":"fd00::1","errorCode":"Forbidden","clusterName":"prod","nodeName":"cp-1","trail":"main","event":{"level":"Metadata","auditID":"a-3","stage":"ResponseComplete","verb":"delete","objectRef":{"resource":"deployments","apiGroup":"apps","namespace":"bank","name":"web"},"responseStatus":{"code":403}}}
        """;

    internal const string Finding = """
        {"eventVersion":"1.0","eventID":"e-1-pod-exec","eventTime":"2026-03-01T12:00:02Z","eventCategory":"Insight","eventSource":"core","eventName":"create pods/exec","readOnly":false,"userIdentity":{"type":"User","userName":"bob"},"clusterName":"prod","nodeName":"cp-1","trail":"main","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0","subresource":"exec"},"insightDetails":{"rule":"pod-exec","severity":"high","eventIDs":["e-1"]}}
        """;

    internal const string Process = """
        {"eventVersion":"1.0","eventID":"p-1","eventTime":"2026-03-01T12:00:04Z","eventCategory":"Workload","eventSource":"process","eventName":"exec","clusterName":"prod","nodeName":"worker-1","trail":"main","objectRef":{"resource":"pods","namespace":"shop","name":"cart-0"},"event":{"container":{"name":"app","pod":"cart-0"},"process":{"executable":"/bin/sh","arguments":["sh","-c","id"]},"join":{"startedBy":"ApiRequest","apiEvents":[{"eventID":"e-1","auditID":"a-2","userIdentity":{"userName":"bob"}}]}}}
        """;

    internal static IEnumerable<string> Ids(Outcome outcome) =>
        outcome.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("eventID").GetString()!);
}

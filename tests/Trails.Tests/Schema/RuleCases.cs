using System.Text.Json.Nodes;

namespace ClusterTrail.Trails.Tests.Schema;

/// <summary>Specs that each of the CEL rules refuses, and its words.</summary>
public static class RuleCases
{
    /// <summary>A change of a spec that is in order, and what the refusal says.</summary>
    public static TheoryData<string, string> Wrong => new()
    {
        { """{"sources": {"apiServer": {"logFile": null}}}""", "with type LogFile, write logFile.path, the value of kube-apiserver's --audit-log-path" },
        { """{"sources": {"apiServer": {"type": "Webhook"}}}""", "logFile belongs to type LogFile; remove it, or change the type" },
        { """{"sources": {"apiServer": {"webhook": {}}}}""", "webhook belongs to type Webhook; remove it, or change the type" },
        { """{"sources": {"apiServer": {"bucket": {"bucket": "eks", "format": "Audit"}}}}""", "write bucket with type: Bucket, and only then" },
        { """{"sources": {"apiServer": {"type": "Bucket", "logFile": null}}}""", "write bucket with type: Bucket, and only then" },
        { """{"sources": {"apiServer": {"admission": {}}}}""", "admission belongs to type Admission; remove it, or change the type" },
        { """{"sources": {"apiServer": {"type": "EventHubs", "logFile": null}}}""", "write eventHubs with type: EventHubs, and only then" },
        { Bucket("""{"prefix": "/a"}"""), "write the prefix without a slash before it" },
        { Bucket("""{"endpoint": "store"}"""), "write a URL that starts with https:// or http://" },
        { Bucket("""{"queueUrl": "queue"}"""), "write a URL that starts with https:// or http://" },
        { Bucket("""{"credentials": {"type": "Secret"}}"""), "write secret with type: Secret, and only then" },
        { """{"collector": {"storage": "much"}}""", "write a quantity such as 10Gi" },
        { """{"collector": {"storage": "0"}}""", "write a quantity such as 10Gi" },
        { """{"sources": {"apiServer": {"logFile": {"path": "/var/log/../etc/audit.log"}}}}""", "write the path without '.' and '..'" },
        { """{"sources": {"apiServer": {"logFile": {"path": "var/log/audit.log"}}}}""", "write the absolute path of a file in a directory, such as /var/log/kubernetes/audit/audit.log" },
        { """{"sources": {"apiServer": {"logFile": {"path": "/audit.log"}}}}""", "write the absolute path of a file in a directory, such as /var/log/kubernetes/audit/audit.log" },
        { """{"sink": {"type": "Directory", "s3": null, "directory": {"type": "HostPath", "hostPath": {"path": "archive"}}}}""", "write the absolute path of a directory, such as /var/lib/clustertrail-archive" },
        { """{"agent": {"stateDirectory": "/"}}""", "write the absolute path of a directory, such as /var/lib/clustertrail" },
        { """{"selectorPolicy": {"from": "Selector"}}""", "write selector with from: Selector, and only then" },
        { """{"selectorPolicy": {"from": "All", "selector": {}}}""", "write selector with from: Selector, and only then" },
        { """{"sink": {"s3": null}}""", "write s3 with type: S3, and only then" },
        { """{"sink": {"directory": {"type": "HostPath", "hostPath": {"path": "/archive"}}}}""", "write directory with type: Directory, and only then" },
        { """{"sink": {"type": "Directory", "s3": null, "directory": {"type": "HostPath"}}}""", "write hostPath with type: HostPath, and only then" },
        { """{"sink": {"type": "Directory", "s3": null, "directory": {"type": "PersistentVolumeClaim"}}}""", "write persistentVolumeClaim with type: PersistentVolumeClaim, and only then" },
        { """{"sink": {"s3": {"prefix": "a/"}}}""", "write the prefix without a slash at either end" },
        { """{"sink": {"s3": {"endpoint": "store.example.com"}}}""", "write a URL that starts with https:// or http://" },
        { """{"telemetry": {"otlp": {"endpoint": "ftp://collector"}}}""", "write a URL that starts with https:// or http://" },
        { """{"sink": {"s3": {"credentials": {"type": "Secret"}}}}""", "write secret with type: Secret, and only then" },
        { """{"sink": {"s3": {"encryption": {"type": "SseS3", "kmsKeyId": "k"}}}}""", "write kmsKeyId only with type: SseKms" },
        { """{"sink": {"s3": {"encryption": {"type": "SseS3", "bucketKey": true}}}}""", "write bucketKey: true only with type: SseKms" },
        { """{"batch": {"gzipLevel": 6}}""", GzipLevel },
        { """{"encryption": {"type": "Envelope"}}""", "write envelope with type: Envelope, and only then" },
        { """{"selectors": [{"level": "None", "nonResourceURLs": ["/healthz"], "namespaces": ["a"]}]}""", "a rule is about nonResourceURLs, or about resources and namespaces; write two rules" },
        { """{"selectors": [{"level": "Request", "aggregate": true}]}""", "write level: Metadata with aggregate: true, because a count has no bodies" },
        { """{"selectors": [{"level": "None", "resources": [{"group": "", "resourceNames": ["a"]}]}]}""", "resourceNames requires resources; add resources" },
        { """{"selectors": [{"level": "None", "fields": [{"path": "verb", "operator": "Equals"}]}]}""", "write one value or more" },
        { """{"selectors": [{"level": "None", "fields": [{"path": "verb", "operator": "Exists", "values": ["yes"]}]}]}""", "with operator Exists, write no values, or one of \"true\" and \"false\"" },
        { """{"detections": {"enable": ["pod-exec"], "disable": ["other", "pod-exec"]}}""", "a rule is in enable or in disable, not in both" },
        { """{"notifications": {"webhook": {"url": "hooks.example.com"}}}""", "write a URL that starts with https:// or http://" },
        { """{"notifications": {"webhook": {"url": "http://hooks.example.com", "caBundle": {"configMapName": "ca"}}}}""", "write caBundle only with a URL that starts with https://" },
        { """{"integrity": {"anchor": {"bucket": "b", "credentials": {"name": "a"}, "caBundle": {"configMapName": "ca"}}}}""", "write caBundle only with an endpoint that starts with https://" },
        { """{"integrity": {"anchor": {"bucket": "b", "credentials": {"name": "a"}, "endpoint": "store"}}}""", "write a URL that starts with https:// or http://" },
        { """{"integrity": {"kms": {"keyId": "k", "endpoint": "kms"}}}""", "write a URL that starts with https:// or http://" },
        { Enrichment([.. Enumerable.Range(0, 26).Select(at => $"k{at}")], [.. Enumerable.Range(0, 25).Select(at => $"k{at}")]), "write at most 50 keys in namespaceLabels and ownerLabels together" },
        { Enrichment(["team", "example.com/"], []), "write a label's key, such as team or app.kubernetes.io/name" },
        { Enrichment(["Example.com/team"], []), "write a label's key, such as team or app.kubernetes.io/name" },
        { Enrichment([], ["-team"]), "write a label's key, such as team or app.kubernetes.io/name" },
        { Enrichment([], [new string('k', 64)]), "write a label's key, such as team or app.kubernetes.io/name" },
        { """{"workloads": [{"output": {}}]}""", "write namespaces or namespaceSelector, not both; namespaces: ['*'] is all of them" },
        { """{"workloads": [{"namespaces": ["a"], "namespaceSelector": {}, "output": {}}]}""", "write namespaces or namespaceSelector, not both; namespaces: ['*'] is all of them" },
        { """{"workloads": [{"namespaces": ["a"]}]}""", "write output, processes: true, or both" },
        { """{"workloads": [{"namespaces": ["a"], "output": {"only": ["level"]}}]}""", Only },
        { """{"workloads": [{"namespaces": ["a"], "output": {}, "pods": {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]}}]}""", "write values with operator In and NotIn, and only then" },
        { """{"workloads": [{"namespaces": ["a"], "output": {}, "pods": {"matchExpressions": [{"key": "a", "operator": "In"}]}}]}""", "write values with operator In and NotIn, and only then" },
        { """{"workloads": [{"namespaces": ["a"], "output": {"fields": [{"path": "user", "operator": "Exists"}]}}]}""", "write a path that begins with message, such as message.level" },
        { """{"workloads": [{"namespaces": ["a"], "output": {"fields": [{"path": "messages", "operator": "Exists"}]}}]}""", "write a path that begins with message, such as message.level" },
        { """{"workloadAgent": {"stateDirectory": "/"}}""", "write the absolute path of a directory, such as /var/lib/clustertrail-workloads" },
        { """{"workloadAgent": {"dockerContainers": "/var/../etc"}}""", "write the absolute path of a directory, such as /var/lib/docker/containers" },
    };

    /// <summary>A spec of a TrailSelector, and what the refusal says.</summary>
    public static TheoryData<string, string> WrongSelectors => new()
    {
        { """{"trail": "main"}""", "write rules, workloads, or both" },
        { """{"trail": "main", "rules": [], "workloads": []}""", "write rules, workloads, or both" },
        { """{"trail": "main", "workloads": [{"containers": ["a"]}]}""", "write output, processes: true, or both" },
        { """{"trail": "main", "workloads": [{"output": {"format": "Text", "only": ["level"]}}]}""", Only },
    };

    const string Only = "only needs format: JSON, because only a JSON object has members";

    /// <summary>What a spec was, how it is to change, and what the refusal says.</summary>
    public static TheoryData<string, string, string> WrongChanges => new()
    {
        { "{}", """{"clusterName": "other"}""", "clusterName is part of every object's name and every eventID and cannot change; create another Trail instead" },
        { "{}", Bucket("{}"), OtherType },
        { Bucket("{}"), """{"sources": {"apiServer": {"type": "LogFile", "bucket": null, "logFile": {"path": "/var/log/k/audit.log"}}}}""", OtherType },
        { Receiver("{}"), Receiver("""{"placement": "Service"}"""), OtherPlacement },
        { Receiver("""{"placement": "Service"}"""), Receiver("""{"placement": "ControlPlaneNodes"}"""), OtherPlacement },
        { "{}", """{"collector": {"storage": "20Gi"}}""", "a volume that exists keeps its size and class; create another Trail" },
        { Locked(30), Locked(29), "the retention of a Compliance lock cannot be shortened or taken away; write as many days as before, or more" },
        { Locked(30), """{"sink": {"s3": {"objectLock": null}}}""", "the retention of a Compliance lock cannot be shortened or taken away; write as many days as before, or more" },
        { Locked(30), """{"sink": {"s3": {"objectLock": {"mode": "Governance"}}}}""", "the retention of a Compliance lock cannot be shortened or taken away; write as many days as before, or more" },
    };

    const string OtherType = "a Trail whose events one collector reads cannot get another type, nor another Trail such a type; create another Trail";

    const string OtherPlacement = "webhook.placement cannot change to or from Service, because agents hold events where they are; create another Trail";

    const string GzipLevel = "spec.batch.gzipLevel was removed; leave it out to compress with zstd, or write \"compression\": {\"type\": \"Gzip\", \"level\": 6} in its place";

    public const string ReservedName = "a Trail cannot be named operator, dashboards or verifier, because its objects would have the same names as the chart's; choose another name";

    public static string Locked(int days) =>
        new JsonObject { ["sink"] = new JsonObject { ["s3"] = new JsonObject { ["objectLock"] = new JsonObject { ["mode"] = "Compliance", ["retentionDays"] = days } } } }.ToJsonString();

    static string Enrichment(string[] ofNamespaces, string[] ofOwners) => new JsonObject
    {
        ["enrichment"] = new JsonObject
        {
            ["namespaceLabels"] = new JsonArray([.. ofNamespaces.Select(key => (JsonNode?)key)]),
            ["ownerLabels"] = new JsonArray([.. ofOwners.Select(key => (JsonNode?)key)]),
        },
    }.ToJsonString();

    static string Bucket(string more) => Source("Bucket", "bucket", """{"bucket": "eks", "format": "EksCloudWatch"}""", more);

    public static string Receiver(string more) => Source("Webhook", "webhook", "{}", more);

    static string Source(string type, string member, string least, string more)
    {
        var settings = JsonNode.Parse(least)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
            settings[name] = value?.DeepClone();
        var source = new JsonObject { ["type"] = type, ["logFile"] = null, [member] = settings };
        return new JsonObject { ["sources"] = new JsonObject { ["apiServer"] = source } }.ToJsonString();
    }
}

using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Trails.Tests.Files;

public sealed class TrailProblemsTests
{
    [Fact]
    public void TheSamplesHaveNone()
    {
        Assert.Empty(TrailProblems.Of(Some.Trail().ToTrail()));
        Assert.Empty(TrailProblems.Of(Some.FullTrail().ToTrail()));
        Assert.Empty(TrailProblems.Of(Some.FullTrail().ToTrail(), [Some.RuleFile()]));
        Assert.Empty(TrailProblems.Of(Some.DirectoryTrail().ToTrail()));
        Assert.Empty(SelectorProblems.Of(Some.Selector().ToSelector()));
    }

    [Theory]
    [InlineData("metadata.name", "\"Main\"",
        "metadata.name is \"Main\"; allowed: 1 to 50 of a-z, 0-9, '-' and '.', with a letter or digit at both ends.")]
    [InlineData("metadata.name", "\"operator\"",
        "metadata.name is \"operator\"; allowed: another name, because clustertrail-operator is used by the chart.")]
    [InlineData("spec.clusterName", "\"prod_\"",
        "spec.clusterName is \"prod_\"; allowed: 1 to 253 of a-z, A-Z, 0-9, '.', '_' and '-', with a letter or digit at both ends.")]
    [InlineData("spec.sources.apiServer.logFile", "null",
        "spec.sources.apiServer.logFile is missing; allowed: an object, because the type is LogFile.")]
    [InlineData("spec.sources.apiServer.logFile.path", "\"audit.log\"",
        "spec.sources.apiServer.logFile.path is \"audit.log\"; allowed: an absolute path.")]
    [InlineData("spec.sources.apiServer.logFile.path", "\"\"", "spec.sources.apiServer.logFile.path is empty; allowed: an absolute path.")]
    [InlineData(
        "spec.sources.apiServer.logFile.path", "\"/audit.log\"",
        "spec.sources.apiServer.logFile.path is \"/audit.log\"; allowed: the path of a file in a directory, without '.' and '..', "
            + "such as /var/log/kubernetes/audit/audit.log.")]
    [InlineData(
        "spec.sources.apiServer.logFile.path", "\"/var/log/../audit.log\"",
        "spec.sources.apiServer.logFile.path is \"/var/log/../audit.log\"; allowed: the path of a file in a directory, "
            + "without '.' and '..', such as /var/log/kubernetes/audit/audit.log.")]
    [InlineData(
        "spec.sources.apiServer.logFile.path", "\"/etc/audit.log\"",
        "spec.sources.apiServer.logFile.path is \"/etc/audit.log\"; allowed: a file in another directory, "
            + "because the agent's container has /etc/clustertrail of its own.")]
    [InlineData(
        "spec.sources.apiServer.logFile.path", "\"/var/lib/clustertrail/x/audit.log\"",
        "spec.sources.apiServer.logFile.path is \"/var/lib/clustertrail/x/audit.log\"; allowed: a file in another directory, "
            + "because the agent's container has /var/lib/clustertrail of its own.")]
    [InlineData(
        "spec.sources.apiServer.logFile.path", "\"/usr/share/audit.log\"",
        "spec.sources.apiServer.logFile.path is \"/usr/share/audit.log\"; allowed: a file in another directory, "
            + "because the agent's image has /usr of its own.")]
    [InlineData("spec.selectors[1].fields[0].values[0]", "\"10.0.0.1/8\"")]
    [InlineData(
        "spec.selectors[1].fields[0]", """{ "path": "sourceIPs[*]", "operator": "InCIDR", "values": ["10.0.0.0/8", "10.0.0.1/8"] }""",
        "spec.selectors[1].fields[0].values[1] is \"10.0.0.1/8\"; allowed: a network such as 10.0.0.0/8 or fd00::/8, without host bits.")]
    [InlineData(
        "spec.selectors[1].fields[0]", """{ "path": "verb", "operator": "Matches", "values": ["(a)\\1"] }""",
        "spec.selectors[1].fields[0].values[0] is \"(a)\\1\"; allowed: "
            + "a regular expression that needs no backtracking (no back-references, no look-around); *")]
    [InlineData(
        "spec.selectors[1].fields[0].path", "\"a..b\"",
        "spec.selectors[1].fields[0].path is \"a..b\"; allowed: a path such as user.groups[*] or annotations[\"a.b/c\"]; "
            + "a name is expected at character 3.")]
    [InlineData("spec.selectors[3].resources", "[{}]",
        "spec.selectors[3].nonResourceURLs is \"/healthz*\"; allowed: none together with resources or namespaces: use two rules.")]
    [InlineData("spec.selectorPolicy.selector", "null",
        "spec.selectorPolicy.selector is missing; allowed: an object, because spec.selectorPolicy.from is Selector.")]
    [InlineData("spec.selectorPolicy.from", "\"All\"",
        "spec.selectorPolicy.selector is given, but spec.selectorPolicy.from is not Selector; allowed: one of the two.")]
    [InlineData("spec.integrity.anchor", """{ "bucket": "", "credentials": { "name": "a" } }""",
        "spec.integrity.anchor.bucket is empty; allowed: a bucket's name.")]
    [InlineData("spec.integrity.anchor", """{ "bucket": "b", "prefix": "/x", "credentials": { "name": "a" } }""",
        "spec.integrity.anchor.prefix is \"/x\"; allowed: a prefix without a slash at either end and control characters, "
            + "none of whose parts is . or ...")]
    [InlineData("spec.integrity.anchor", """{ "bucket": "b", "endpoint": "b", "intervalSeconds": 9, "credentials": { "name": "a" } }""",
        "spec.integrity.anchor.endpoint is \"b\"; allowed: a URL that starts with https:// or http://.",
        "spec.integrity.anchor.intervalSeconds is 9; allowed: a whole number from 60 to 86400.")]
    [InlineData("spec.integrity.kms", """{ "keyId": "" }""",
        "spec.integrity.kms.keyId is empty; allowed: a key's id or ARN, or an alias such as alias/clustertrail.")]
    [InlineData("spec.sink.type", "\"Directory\"", "spec.sink.directory is missing; allowed: an object, because the type is Directory.",
        "spec.sink.s3 is given, but spec.sink.type is not S3; allowed: one of the two.")]
    [InlineData("spec.sink.s3", "null", "spec.sink.s3 is missing; allowed: an object, because the type is S3.")]
    [InlineData(
        "spec.sink.directory", """{ "type": "HostPath" }""",
        "spec.sink.directory is given, but spec.sink.type is not Directory; allowed: one of the two.",
        "spec.sink.directory.hostPath is missing; allowed: an object, because the type is HostPath.")]
    [InlineData("spec.sink.s3.prefix", "\"/prod\"", "spec.sink.s3.prefix is \"/prod\"; allowed: a prefix without a slash at either end.")]
    [InlineData("spec.sink.s3.endpoint", "\"minio:9000\"",
        "spec.sink.s3.endpoint is \"minio:9000\"; allowed: a URL that starts with https:// or http://.")]
    [InlineData("spec.sink.s3.credentials.secret", "null",
        "spec.sink.s3.credentials.secret is missing; allowed: an object, because the type is Secret.")]
    [InlineData("spec.sink.s3.credentials.type", "\"Default\"",
        "spec.sink.s3.credentials.secret is given, but spec.sink.s3.credentials.type is not Secret; allowed: one of the two.")]
    [InlineData("spec.sink.s3.encryption", """{ "bucketKey": true }""",
        "spec.sink.s3.encryption.type is \"BucketDefault\"; allowed: SseKms, because kmsKeyId or bucketKey is given.")]
    [InlineData("spec.encryption.type", "\"None\"",
        "spec.encryption.envelope is given, but spec.encryption.type is not Envelope; allowed: one of the two.")]
    [InlineData(
        "spec.encryption.envelope", "null", "spec.encryption.envelope is missing; allowed: an object, because the type is Envelope.")]
    [InlineData("spec.encryption.envelope.recipients", "[]",
        "spec.encryption.envelope.recipients is an empty list; allowed: at least one PEM file of a public key or certificate.")]
    [InlineData("spec.telemetry.otlp.endpoint", "\"collector:4317\"",
        "spec.telemetry.otlp.endpoint is \"collector:4317\"; allowed: a URL that starts with https:// or http://.")]
    [InlineData(
        "spec.notifications.webhook.url", "\"hooks.example.com\"",
        "spec.notifications.webhook.url is \"hooks.example.com\"; allowed: a URL that starts with https:// or http://.",
        "spec.notifications.webhook.url is \"hooks.example.com\"; allowed: a URL that starts with https://, since caBundle is given.")]
    [InlineData(
        "spec.notifications.webhook.url", "\"http://hooks.example.com\"",
        "spec.notifications.webhook.url is \"http://hooks.example.com\"; allowed: a URL that starts with https://, "
            + "since caBundle is given.")]
    [InlineData("spec.detections.packs", "[\"baseline\", \"other\"]", "spec.detections.packs[1] is \"other\"; allowed: *")]
    [InlineData("spec.detections.disable[0]", "\"payments-exec\"",
        "spec.detections.enable and spec.detections.disable both have \"payments-exec\"; allowed: one of the two.")]
    [InlineData("spec.detections.enable[0]", "\"not-there\"")]
    [InlineData(
        "spec.agent.stateDirectory", "\"/var/../etc\"",
        "spec.agent.stateDirectory is \"/var/../etc\"; allowed: the absolute path of a folder, without '.' and '..', "
            + "such as /var/lib/clustertrail.")]
    [InlineData("spec.agent.stateDirectory", "\"/\"",
        "spec.agent.stateDirectory is \"/\"; allowed: the absolute path of a folder, without '.' and '..', such as /var/lib/clustertrail.")]
    [InlineData(
        "spec.agent.extraEnv", """[{ "name": "A" }, { "name": "NODE_NAME", "value": "x" }, { "name": "A" }]""",
        "spec.agent.extraEnv[1].name is \"NODE_NAME\"; allowed: another name, because the agent has this one.",
        "spec.agent.extraEnv[2].name is \"A\"; allowed: a name that no other has.")]
    [InlineData("spec.agent.extraVolumes[0].name", "\"state\"",
        "spec.agent.extraVolumes[0].name is \"state\"; allowed: another name, because the agent has this one.")]
    [InlineData("spec.agent.extraVolumeMounts[0].mountPath", "\"/archive/\"",
        "spec.agent.extraVolumeMounts[0].mountPath is \"/archive/\"; allowed: another mountPath, because the agent has this one.")]
    public void AWrongTrailIsToldInItsOwnWords(string field, string json, params string[] expected)
    {
        var trail = Some.FullTrail().With(field, json).ToTrail();

        var problems = TrailProblems.Of(trail);

        Assert.Equal(expected.Length, problems.Count);
        Assert.All(expected.Order().Zip(problems.Order()), pair => Assert.Matches(Pattern(pair.First), pair.Second));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(9, true)]
    [InlineData(6, false)]
    public void AGzipLevelIsToldWithWhatToWrite(int level, bool hasStatus)
    {
        var trail = Some.Trail().With("spec.batch", $$"""{ "gzipLevel": {{level}} }""").ToTrail();

        var problems = TrailProblems.Of(hasStatus ? trail with { Status = new() } : trail);

        Assert.Equal(
            "spec.batch.gzipLevel was removed; leave it out to compress with zstd, or write \"compression\": "
                + "{\"type\": \"Gzip\", \"level\": 6} in its place.",
            Assert.Single(problems));
    }

    // The schema of older versions wrote it into every Trail.
    [Fact]
    public void TheOlderDefaultOfATrailThatWasThereMeansNothing()
    {
        var trail = Some.Trail().With("spec.batch", """{ "maxBytes": 8388608, "gzipLevel": 6 }""").ToTrail() with { Status = new() };

        Assert.Empty(TrailProblems.Of(trail));
        Assert.Equal(AgentFiles.Of(Some.Trail().ToTrail()).AgentJson, AgentFiles.Of(trail).AgentJson);
    }

    [Theory]
    [InlineData(
        "hostPath", """{ "type": "HostPath", "hostPath": { "path": "archive" } }""",
        "spec.sink.directory.hostPath.path is \"archive\"; allowed: the absolute path of a folder, without '.' and '..', "
            + "such as /var/lib/clustertrail-archive.")]
    [InlineData(
        "hostPath", """{ "type": "PersistentVolumeClaim", "persistentVolumeClaim": { "claimName": "a" }, "hostPath": { "path": "/a" } }""",
        "spec.sink.directory.hostPath is given, but spec.sink.directory.type is not HostPath; allowed: one of the two.")]
    [InlineData("claim", """{ "type": "PersistentVolumeClaim" }""",
        "spec.sink.directory.persistentVolumeClaim is missing; allowed: an object, because the type is PersistentVolumeClaim.")]
    [InlineData(
        "claim", """{ "type": "HostPath", "hostPath": { "path": "/a" }, "persistentVolumeClaim": { "claimName": "a" } }""",
        "spec.sink.directory.persistentVolumeClaim is given, but spec.sink.directory.type is not PersistentVolumeClaim; allowed: "
            + "one of the two.")]
    public void AWrongDirectoryIsToldInItsOwnWords(string about, string json, string expected)
    {
        var trail = Some.DirectoryTrail().With("spec.sink.directory", json).ToTrail();

        Assert.Contains(about, expected, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(expected, Assert.Single(TrailProblems.Of(trail)));
    }

    [Fact]
    public void AWrongTrailSelectorIsToldInItsOwnWords()
    {
        var selector = Some.Selector()
            .With("spec.rules[1].fields[0]", """{ "path": "sourceIPs", "operator": "InCIDR", "values": ["here"] }""").ToSelector();

        Assert.Equal(
            "spec.rules[1].fields[0].values[0] is \"here\"; allowed: a network such as 10.0.0.0/8 or fd00::/8, without host bits.",
            Assert.Single(SelectorProblems.Of(selector)));
    }

    [Theory]
    [InlineData("ten", "spec.collector.storage is \"ten\"; allowed: a quantity such as 10Gi.")]
    [InlineData("1Gi", "spec.collector.storage is \"1Gi\"; allowed: at least 2147483648 bytes, because spec.spool.maxBytes and journalMaxBytes may both fill up.")]
    [InlineData("2Gi", null)]
    [InlineData("2.5G", null)]
    public void AVolumeHasRoomForWhatMayWaitThere(string storage, string? problem) => Assert.Equal(
        problem is null ? [] : [problem],
        TrailProblems.Of(Some.BucketTrail().With("spec.collector", $$"""{ "storage": "{{storage}}" }""").ToTrail()));

    [Fact]
    public void RulesThatFitIntoNoConfigMapAreTold()
    {
        var rule = $$"""{ "level": "Metadata", "users": ["{{new string('u', 1 << 20)}}"] }""";

        var problem = Assert.Single(TrailProblems.Of(Some.Trail().With("spec.selectors", $"[{rule}]").ToTrail()));

        Assert.Matches(
            "^spec.selectors and spec.detections make a ConfigMap of 10[0-9]{5} bytes; allowed: rules that fit into 1048576 bytes\\.$",
            problem);
    }

    // A star stands for what a library says.
    static string Pattern(string sentence) =>
        $"^{System.Text.RegularExpressions.Regex.Escape(sentence.TrimEnd('*'))}{(sentence.EndsWith('*') ? "" : "$")}";
}

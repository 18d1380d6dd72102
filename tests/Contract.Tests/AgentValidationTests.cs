namespace ClusterTrail.Contract.Tests;

public sealed class AgentValidationTests
{
    const string Name = "1 to 253 of a-z, A-Z, 0-9, '.', '_' and '-', with a letter or digit at both ends";
    const string SourceName = "1 to 32 of a-z, 0-9 and '-', with a letter or digit at both ends";
    const string Listen = "an IP address and a port, such as 127.0.0.1:9808 or [::]:9808";

    [Theory]
    [InlineData("clusterName", "\"\"", "empty", Name)]
    [InlineData("clusterName", "\"a/b\"", "\"a/b\"", Name)]
    [InlineData("clusterName", "\"-a\"", "\"-a\"", Name)]
    [InlineData("clusterName", "\"a.\"", "\"a.\"", Name)]
    [InlineData("clusterName", "\"ä\"", "\"ä\"", Name)]
    [InlineData("clusterName", "\"a\\n\"", "\"a\\u000a\"", Name)]
    [InlineData("clusterName", "\"..\"", "\"..\"", Name)]
    [InlineData("trail", "\"a b\"", "\"a b\"", Name)]
    [InlineData("trail", "\"a=b\"", "\"a=b\"", Name)]
    [InlineData("nodeName", "\"\"", "empty", Name)]
    [InlineData("nodeName", "\"cp/1\"", "\"cp/1\"", Name)]
    [InlineData("stateDirectory", "\"var/lib\"", "\"var/lib\"", "an absolute path")]
    [InlineData("stateDirectory", "\"\"", "empty", "an absolute path")]
    [InlineData("selectors", "\"\"", "empty", "the path of a selectors file, or omit the field")]
    [InlineData("detections", "\"\"", "empty", "the path of a detections file, or omit the field")]
    [InlineData("notifications.webhook", "{\"url\":\"alerts:8080\"}", "\"alerts:8080\"", "a URL that starts with https:// or http://",
        "notifications.webhook.url")]
    [InlineData("notifications.webhook", "{\"url\":\"/alerts\"}", "\"/alerts\"", "a URL that starts with https:// or http://",
        "notifications.webhook.url")]
    [InlineData("notifications.webhook", "{}", null, "a string", "notifications.webhook.url")]
    [InlineData("notifications.webhook", "{\"url\":\"http://a\",\"timeoutSeconds\":0}", "0", "a whole number from 1 to 300",
        "notifications.webhook.timeoutSeconds")]
    [InlineData("notifications.webhook", "{\"url\":\"http://a\",\"timeoutSeconds\":301}", "301", "a whole number from 1 to 300",
        "notifications.webhook.timeoutSeconds")]
    [InlineData("notifications.webhook", "{\"url\":\"http://a\",\"secretPath\":\"secret\"}", "\"secret\"", "an absolute path",
        "notifications.webhook.secretPath")]
    [InlineData("notifications.webhook", "{\"url\":\"http://a\",\"caBundlePath\":\"ca.pem\"}", "\"ca.pem\"", "an absolute path",
        "notifications.webhook.caBundlePath")]
    [InlineData("notifications.webhook", "{\"url\":\"http://a\",\"minSeverity\":\"High\"}", "\"High\"", "info, low, medium, high, critical",
        "notifications.webhook.minSeverity")]
    [InlineData("sources", "[]", "an empty list", "at least one source")]
    [InlineData("sources[0].name", "\"\"", "empty", SourceName)]
    [InlineData("sources[0].name", "\"API\"", "\"API\"", SourceName)]
    [InlineData("sources[0].name", "\"a_b\"", "\"a_b\"", SourceName)]
    [InlineData("sources[0].name", "\"-a\"", "\"-a\"", SourceName)]
    [InlineData("sources[0].name", "\"a-\"", "\"a-\"", SourceName)]
    [InlineData("sources[0].name", "\"abcdefghijklmnopqrstuvwxyz-012345\"", "\"abcdefghijklmnopqrstuvwxyz-012345\"", SourceName)]
    [InlineData("sources[0].logFile", "null", "missing", "an object, because the type is LogFile")]
    [InlineData("sources[0].logFile.path", "\"audit.log\"", "\"audit.log\"", "an absolute path")]
    [InlineData("sources[0].logFile.maxEventBytes", "4095", "4095", "a whole number from 4096 to 67108864")]
    [InlineData("sources[0].logFile.maxEventBytes", "67108865", "67108865", "a whole number from 4096 to 67108864")]
    [InlineData("sources[0].logFile.pollIntervalMilliseconds", "9", "9", "a whole number from 10 to 60000")]
    [InlineData("sources[0].logFile.pollIntervalMilliseconds", "60001", "60001", "a whole number from 10 to 60000")]
    [InlineData("sources[0].logFile.rotationQuietMilliseconds", "-1", "-1", "a whole number from 0 to 600000")]
    [InlineData("sources[0].logFile.rotationQuietMilliseconds", "600001", "600001", "a whole number from 0 to 600000")]
    [InlineData("batch.maxBytes", "1023", "1023", "a whole number from 1024 to 67108864")]
    [InlineData("batch.maxBytes", "67108865", "67108865", "a whole number from 1024 to 67108864")]
    [InlineData("batch.maxAgeSeconds", "0", "0", "a whole number from 1 to 3600")]
    [InlineData("batch.maxAgeSeconds", "3601", "3601", "a whole number from 1 to 3600")]
    [InlineData("batch.compression.level", "0", "0", "a whole number from 1 to 9")]
    [InlineData("batch.compression.level", "10", "10", "a whole number from 1 to 9")]
    [InlineData("spool.maxBytes", "16777215", "16777215", "a whole number from 16777216 to 1125899906842624")]
    [InlineData("spool.maxBytes", "1125899906842625", "1125899906842625", "a whole number from 16777216 to 1125899906842624")]
    [InlineData("shutdownGraceSeconds", "-1", "-1", "a whole number from 0 to 3600")]
    [InlineData("shutdownGraceSeconds", "3601", "3601", "a whole number from 0 to 3600")]
    [InlineData("enrichment", "{\"namespaceLabels\":[\"team\",\"example.com/\"]}", "\"example.com/\"",
        "a label's key, such as team or app.kubernetes.io/name", "enrichment.namespaceLabels[1]")]
    [InlineData("enrichment", "{\"ownerLabels\":[\"te am\"]}", "\"te am\"",
        "a label's key, such as team or app.kubernetes.io/name", "enrichment.ownerLabels[0]")]
    [InlineData("enrichment", "{\"namespaceLabels\":[\"a\",\"a\"]}", "\"a\"",
        "a key that is not in the list yet", "enrichment.namespaceLabels[1]")]
    [InlineData("integrity.chain", "\"Agent\"", "\"Agent\"", "1 to 32 of a-z, 0-9 and '-', with a letter or digit at both ends")]
    [InlineData("integrity.intervalSeconds", "59", "59", "a whole number from 60 to 3600")]
    [InlineData("integrity.intervalSeconds", "3601", "3601", "a whole number from 60 to 3600")]
    [InlineData("integrity.idleIntervalSeconds", "59", "59", "a whole number from 60 to 3600")]
    [InlineData("integrity.idleIntervalSeconds", "120", "120", "at least integrity.intervalSeconds")]
    [InlineData("integrity.keyRotationDays", "-1", "-1", "a whole number from 0 to 36500")]
    [InlineData("integrity.kms", "{\"keyId\":\"\"}", "empty", "a key's id or ARN, or an alias such as alias/clustertrail",
        "integrity.kms.keyId")]
    [InlineData("integrity.kms", "{\"keyId\":\"a b\"}", "\"a b\"", "a key's id or ARN, or an alias such as alias/clustertrail",
        "integrity.kms.keyId")]
    [InlineData("integrity.kms", "{\"keyId\":\"k\",\"endpoint\":\"kms:443\"}", "\"kms:443\"", "a URL that starts with https:// or http://",
        "integrity.kms.endpoint")]
    [InlineData("integrity.kms", "{}", null, "a string", "integrity.kms.keyId")]
    [InlineData("telemetry.listen", "\"\"", "empty", Listen)]
    [InlineData("telemetry.listen", "\"localhost:9808\"", "\"localhost:9808\"", Listen)]
    [InlineData("telemetry.listen", "\":9808\"", "\":9808\"", Listen)]
    [InlineData("telemetry.listen", "\"127.0.0.1\"", "\"127.0.0.1\"", Listen)]
    [InlineData("telemetry.listen", "\"127.0.0.1:70000\"", "\"127.0.0.1:70000\"", Listen)]
    [InlineData("telemetry.listen", "\"127.1:9808\"", "\"127.1:9808\"", Listen)]
    [InlineData("telemetry.listen", "\"::1\"", "\"::1\"", Listen)]
    [InlineData("telemetry.listen", "\"[::1]\"", "\"[::1]\"", Listen)]
    [InlineData("encryption.type", "\"Envelope\"", null, "an object, because the type is Envelope", "encryption.envelope")]
    [InlineData("encryption.envelope", "{\"recipientPaths\":[\"/k\"]}", "\"None\"", "Envelope, because encryption.envelope is given",
        "encryption.type")]
    [InlineData(
        "encryption", "{\"type\":\"Envelope\",\"envelope\":{\"recipientPaths\":[]}}", "an empty list",
        "at least one PEM file of a public key or certificate", "encryption.envelope.recipientPaths")]
    public void AWrongValueIsNamedWithItsFieldAndWhatIsAllowed(
        string field, string json, string? value, string allowed, string? named = null)
    {
        var file = Some.Agent().With(field, json);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal($"agent.json: {named ?? field} is {value ?? "missing"}; allowed: {allowed}.", Assert.Single(refusal));
    }

    [Theory]
    [InlineData("clusterName", "\"a\"")]
    [InlineData("clusterName", "\"Prod_eu-1.example\"")]
    [InlineData("sources[0].name", "\"0\"")]
    [InlineData("sources[0].name", "\"abcdefghijklmnopqrstuvwxyz-01234\"")]
    [InlineData("sources[0].logFile.maxEventBytes", "4096")]
    [InlineData("sources[0].logFile.maxEventBytes", "67108864")]
    [InlineData("sources[0].logFile.pollIntervalMilliseconds", "10")]
    [InlineData("sources[0].logFile.rotationQuietMilliseconds", "0")]
    [InlineData("batch.maxBytes", "1024")]
    [InlineData("batch.compression.level", "1")]
    [InlineData("batch.compression.level", "9")]
    [InlineData("spool.maxBytes", "16777216")]
    [InlineData("spool.maxBytes", "1125899906842624")]
    [InlineData("shutdownGraceSeconds", "0")]
    [InlineData("enrichment", "{\"namespaceLabels\":[\"team\",\"example.com/cost-center\"],\"ownerLabels\":[\"team\",\"app.kubernetes.io/name\"]}")]
    [InlineData("integrity.intervalSeconds", "60")]
    [InlineData("integrity.idleIntervalSeconds", "300")]
    [InlineData("integrity.keyRotationDays", "0")]
    [InlineData("integrity", "null")]
    [InlineData("integrity.canary", "false")]
    [InlineData("integrity.kms", "{\"keyId\":\"alias/clustertrail\",\"region\":\"eu-central-1\",\"endpoint\":\"https://vpce.example.com\"}")]
    [InlineData("telemetry.listen", "\"0.0.0.0:0\"")]
    [InlineData("telemetry.listen", "\"[::]:9808\"")]
    [InlineData("telemetry.listen", "\"[2001:DB8::1]:9808\"")]
    [InlineData("nodeName", "null")]
    [InlineData("selectors", "null")]
    public void AValueAtTheEdgeIsTaken(string field, string json)
    {
        var file = Some.Agent().With(field, json);

        var configuration = ContractFiles.LoadAgent(file);

        Assert.NotNull(configuration);
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void ANameHasAtMost253Characters(int length, bool isName) => Assert.Equal(isName, Contracts.IsName(new string('a', length)));

    [Fact]
    public void AVeryLongValueIsCutInItsSentence()
    {
        var file = Some.Agent().With("clusterName", $"\"{new string('/', 10_000)}\"");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.True(Assert.Single(refusal).Length < 300);
        Assert.Contains("…", refusal[0], StringComparison.Ordinal);
    }

    [Fact]
    public void ThereAreAtMostFiftyKeysOfLabels()
    {
        var keys = string.Join(',', Enumerable.Range(0, 26).Select(at => $"\"k{at}\""));
        var file = Some.Agent().With("enrichment", $"{{\"namespaceLabels\":[{keys}],\"ownerLabels\":[{keys}]}}");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal("agent.json: enrichment has 52 keys; allowed: at most 50 in all.", Assert.Single(refusal));
    }

    [Fact]
    public void TwoSourcesCannotShareAName()
    {
        var file = Some.Agent();
        file["sources"]!.AsArray().Add(file["sources"]![0]!.DeepClone());

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal("agent.json: sources[1].name is \"apiserver\"; allowed: a name that no other source has.", Assert.Single(refusal));
    }

    [Fact]
    public void AllThatIsWrongIsToldAtOnce()
    {
        var file = Some.Agent()
            .With("clusterName", "\"a/b\"").With("batch.compression.level", "11").With("sources[0].logFile.path", "\"x\"").With(
                "sink.directory.path", "\"y\"");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal(
            ["clusterName", "sources[0].logFile.path", "batch.compression.level", "sink.directory.path"],
            refusal.Select(sentence => sentence.Split(' ')[1]));
        Assert.All(refusal, sentence => Assert.StartsWith("agent.json: ", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void ProblemsOfWhatIsToBeWrittenAreThoseOfReadingIt()
    {
        var agent = ContractFiles.LoadAgent(Some.Agent());

        Assert.Empty(Contracts.ProblemsOf(agent));
        var problem = Assert.Single(Contracts.ProblemsOf(agent with { Batch = new() { Compression = new() { Level = 10 } } }));
        Assert.Equal(("batch.compression.level", "is 10; allowed: a whole number from 1 to 9."), (problem.Field, problem.Text));
        Assert.Equal($"agent.json: {problem}",
            Assert.Single(ContractFiles.Refusal(() => ContractFiles.LoadAgent(Some.Agent().With("batch.compression.level", "10")))));
    }
}

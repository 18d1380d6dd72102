namespace ClusterTrail.Contract.Tests;

public sealed class SinkValidationTests
{
    [Theory]
    [InlineData("sink.s3.bucket", "\"\"", "empty", "a bucket's name")]
    [InlineData("sink.s3.prefix", "\"/logs\"", "\"/logs\"", "a prefix without a slash at either end")]
    [InlineData("sink.s3.prefix", "\"logs/\"", "\"logs/\"", "a prefix without a slash at either end")]
    [InlineData("sink.s3.prefix", "\"a/../b\"", "\"a/../b\"", "a prefix without control characters, and none of whose parts is . or ..")]
    [InlineData("sink.s3.prefix", "\"a\\tb\"", "\"a\\u0009b\"", "a prefix without control characters, and none of whose parts is . or ..")]
    [InlineData("sink.s3.endpoint", "\"\"", "empty", "a URL that starts with https:// or http://")]
    [InlineData("sink.s3.endpoint", "\"minio:9000\"", "\"minio:9000\"", "a URL that starts with https:// or http://")]
    [InlineData("sink.s3.endpoint", "\"ftp://minio\"", "\"ftp://minio\"", "a URL that starts with https:// or http://")]
    [InlineData("sink.s3.endpoint", "\"/minio\"", "\"/minio\"", "a URL that starts with https:// or http://")]
    [InlineData("sink.s3.caPath", "\"ca.pem\"", "\"ca.pem\"", "an absolute path")]
    [InlineData("sink.s3.maxConcurrency", "0", "0", "a whole number from 1 to 64")]
    [InlineData("sink.s3.maxConcurrency", "65", "65", "a whole number from 1 to 64")]
    [InlineData("sink.s3.timeoutSeconds", "0", "0", "a whole number from 1 to 3600")]
    [InlineData("sink.s3.timeoutSeconds", "3601", "3601", "a whole number from 1 to 3600")]
    [InlineData("sink.s3.objectLock", "{\"mode\":\"Governance\",\"retentionDays\":0}", "0", "a whole number from 1 to 36500",
        "sink.s3.objectLock.retentionDays")]
    [InlineData("sink.s3.objectLock", "{\"mode\":\"Compliance\",\"retentionDays\":36501}", "36501", "a whole number from 1 to 36500",
        "sink.s3.objectLock.retentionDays")]
    [InlineData("sink.s3.objectLock", "{\"retentionDays\":1}", "missing", "Governance, Compliance", "sink.s3.objectLock.mode")]
    [InlineData("sink.s3.objectLock", "{\"mode\":\"governance\",\"retentionDays\":1}", "\"governance\"", "Governance, Compliance",
        "sink.s3.objectLock.mode")]
    [InlineData("sink.s3.checksums", "\"Never\"", "\"Never\"", "WhenRequired, WhenSupported")]
    [InlineData("sink.s3.pathStyle", "\"true\"", "\"true\"", "true or false")]
    [InlineData("sink.s3.encryption", "{\"kmsKeyId\":\"k\"}", "\"BucketDefault\"", "SseKms, because kmsKeyId or bucketKey is given",
        "sink.s3.encryption.type")]
    [InlineData(
        "sink.s3.encryption", "{\"type\":\"SseS3\",\"bucketKey\":true}", "\"SseS3\"", "SseKms, because kmsKeyId or bucketKey is given",
        "sink.s3.encryption.type")]
    [InlineData("sink.s3.credentials.type", "\"Static\"", "missing", "an object, because the type is Static", "sink.s3.credentials.static")]
    [InlineData(
        "sink.s3.credentials", "{\"type\":\"Static\",\"static\":{\"accessKeyIdPath\":\"id\",\"secretAccessKeyPath\":\"/s\"}}", "\"id\"",
        "an absolute path", "sink.s3.credentials.static.accessKeyIdPath")]
    [InlineData(
        "sink.s3.credentials", "{\"type\":\"Static\",\"static\":{\"accessKeyIdPath\":\"/i\",\"secretAccessKeyPath\":\"s\"}}", "\"s\"",
        "an absolute path", "sink.s3.credentials.static.secretAccessKeyPath")]
    [InlineData(
        "sink.s3.credentials",
        "{\"type\":\"Static\",\"static\":{\"accessKeyIdPath\":\"/i\",\"secretAccessKeyPath\":\"/s\",\"sessionTokenPath\":\"t\"}}", "\"t\"",
        "an absolute path", "sink.s3.credentials.static.sessionTokenPath")]
    [InlineData("sink.s3.credentials", "{\"type\":\"Static\",\"static\":{\"accessKeyIdPath\":\"/i\"}}", "missing", "a string",
        "sink.s3.credentials.static.secretAccessKeyPath")]
    public void AWrongValueOfS3IsNamedWithItsFieldAndWhatIsAllowed(
        string field, string json, string value, string allowed, string? named = null)
    {
        var file = Some.AgentToS3().With(field, json);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal($"agent.json: {named ?? field} is {value}; allowed: {allowed}.", Assert.Single(refusal));
    }

    [Theory]
    [InlineData("sink.type", "\"S3\"", "sink.s3 is missing; allowed: an object, because the type is S3.",
        "sink.directory is given, but sink.type is not Directory; allowed: one of the two.")]
    [InlineData("sink.directory", "null", "sink.directory is missing; allowed: an object, because the type is Directory.")]
    [InlineData("sink.s3", "{\"bucket\":\"b\"}", "sink.s3 is given, but sink.type is not S3; allowed: one of the two.")]
    [InlineData("sink.directory.path", "\"archive\"", "sink.directory.path is \"archive\"; allowed: an absolute path.")]
    public void TheTypeAndWhatIsGivenMustAgree(string field, string json, params string[] expected)
    {
        var file = Some.Agent().With(field, json);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal(expected.Select(sentence => $"agent.json: {sentence}").Order(), refusal.Order());
    }

    [Fact]
    public void StaticCredentialsBesideAnotherTypeAreRefused()
    {
        var file = Some.AgentToS3().With(
            "sink.s3.credentials", """{ "static": { "accessKeyIdPath": "/i", "secretAccessKeyPath": "/s" } }""");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadAgent(file));

        Assert.Equal(
            "agent.json: sink.s3.credentials.static is given, but sink.s3.credentials.type is not Static; allowed: one of the two.",
            Assert.Single(refusal));
    }

    [Theory]
    [InlineData("sink.s3.prefix", "\"\"")]
    [InlineData("sink.s3.prefix", "\"a/b\"")]
    [InlineData("sink.s3.endpoint", "\"http://127.0.0.1:9000\"")]
    [InlineData("sink.s3.encryption", "{\"type\":\"SseKms\"}")]
    [InlineData("sink.s3.objectLock", "{\"mode\":\"Compliance\",\"retentionDays\":36500}")]
    public void AValueAtTheEdgeIsTaken(string field, string json)
    {
        var file = Some.AgentToS3().With(field, json);

        var configuration = ContractFiles.LoadAgent(file);

        Assert.Equal(SinkType.S3, configuration.Sink.Type);
    }
}

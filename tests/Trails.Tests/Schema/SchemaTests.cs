using System.Text.Json.Nodes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Trails.Tests.Schema;

/// <summary>The schemas of the custom resources and the records that they are read into are changed together.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string, long, long> Limits { get; } =
        [.. Samples.Limits(Crd.Trail.Property("spec"), "spec").Select(limit => new TheoryDataRow<string, long, long>(limit.Field, limit.Least, limit.Most))];

    [Fact]
    public void ATrailIsWhatItsSchemaSays()
    {
        var differences = new RecordDifferences();

        differences.Compare(Crd.Trail.Property("spec"), typeof(TrailSpec), "spec");
        differences.Compare(Crd.Trail.Property("status"), typeof(TrailStatus), "status");

        Assert.Empty(differences.Found);
        Assert.Contains("spec.selectors[].fields[].operator", differences.Compared);
        Assert.Contains("spec.sink.s3.credentials.secret.sessionTokenKey", differences.Compared);
        Assert.Contains("spec.detections.lists.*[]", differences.Compared);
        Assert.Contains("spec.notifications.webhook.secret.key", differences.Compared);
        Assert.Contains("status.detections.bySeverity.critical", differences.Compared);
        Assert.Contains("status.conditions[].lastTransitionTime", differences.Compared);
    }

    [Fact]
    public void ATrailSelectorIsWhatItsSchemaSays()
    {
        var differences = new RecordDifferences();

        differences.Compare(Crd.TrailSelector.Property("spec"), typeof(TrailSelectorSpec), "spec");
        differences.Compare(Crd.TrailSelector.Property("status"), typeof(TrailSelectorStatus), "status");

        Assert.Empty(differences.Found);
        Assert.Contains("spec.rules[].resources[].resourceNames", differences.Compared);
        Assert.Contains("spec.workloads[].pods.matchExpressions[].values", differences.Compared);
    }

    [Fact]
    public void DifferencesAreFound()
    {
        var schema = JsonNode.Parse(Crd.Trail.Property("spec").ToJsonString())!.AsObject();
        var batch = schema.Property("batch");
        batch["properties"]!["maxAgeSeconds"]!["default"] = 61;
        batch.Property("compression").Property("level")["type"] = "string";
        batch["properties"]!["more"] = new JsonObject { ["type"] = "string" };
        batch["required"] = new JsonArray("maxBytes");
        schema.Property("encryption").Property("type")["enum"] = new JsonArray("None", "Sealed");
        var differences = new RecordDifferences();

        differences.Compare(schema, typeof(TrailSpec), "spec");

        Assert.Equal(
            [
                "default of spec.batch.maxAgeSeconds: 61 in the schema, 60 in the record",
                "fields of spec.batch: compression, gzipLevel, maxAgeSeconds, maxBytes, more in the schema, "
                    + "compression, gzipLevel, maxAgeSeconds, maxBytes in the record",
                "required fields of spec.batch: maxBytes in the schema,  in the record",
                "type of spec.batch.compression.level: string in the schema, integer in the record",
                "words of spec.encryption.type: None, Sealed in the schema, Envelope, None in the record",
            ],
            differences.Found.Where(found => !found.StartsWith("format", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void RulesAreTheSameInBoth()
    {
        var trail = Crd.Trail.Property("spec");
        var selector = Crd.TrailSelector.Property("spec");

        Assert.Equal(trail.Property("selectors").Items().ToJsonString(), selector.Property("rules").Items().ToJsonString());
        Assert.Equal(trail.Property("omitStages").ToJsonString(), selector.Property("omitStages").ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public void TheSchemaAllowsWhatAnAgentTakesAndNoMore(string field, long least, long most)
    {
        var range = $"allowed: a whole number from {least} to {most}.";

        Assert.Empty(Problems(field, least));
        Assert.Empty(Problems(field, most));
        Assert.Equal($"{field} is {least - 1}; {range}", Assert.Single(Problems(field, least - 1)));
        Assert.Equal($"{field} is {most + 1}; {range}", Assert.Single(Problems(field, most + 1)));
    }

    [Fact]
    public void EveryLimitIsTried() => Assert.Equal(29, Limits.Count);

    static IReadOnlyList<string> Problems(string field, long value) => TrailProblems.Of(
        (field.Split('.') switch
        {
            [_, _, "apiServer", "webhook", ..] => Some.FullTrail().With("spec.sources.apiServer", """{ "type": "Webhook" }"""),
            [_, _, "apiServer", "bucket", ..] => Some.BucketTrail(),
            [_, _, "apiServer", "eventHubs", ..] => Some.HubTrail(),
            [_, _, "apiServer", "admission", ..] => Some.FullTrail().With("spec.sources.apiServer", """{ "type": "Admission" }"""),
            _ => Some.FullTrail(),
        })
            // Room for the largest spool and journal.
            .With("spec.collector.storage", "\"4Pi\"")
            .With("spec.integrity.anchor", """{ "bucket": "anchors", "credentials": { "name": "anchors" } }""")
            .With(field, $"{value}").ToTrail());
}

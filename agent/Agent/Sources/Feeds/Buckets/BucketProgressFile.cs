using System.Text.Json.Serialization;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>Where the progress of a bucket is kept.</summary>
static class BucketProgressFile
{
    public static FeedProgressFile<BucketProgress> In(string folder, Action ensureHeld) =>
        new(Path.Combine(folder, "bucket"), "bucket", BucketJson.Default.BucketProgress, ensureHeld);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(BucketProgress))]
sealed partial class BucketJson : JsonSerializerContext;

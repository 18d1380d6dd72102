using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>What a message of a queue says of new objects: S3's own form, that of EventBridge, and either of them within SNS.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html, where names are URL-encoded, and
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html, where they are not.
/// </remarks>
sealed record ObjectNotification(string Bucket, string Key, string Tag)
{
    /// <summary>The new objects; null when the message is something else.</summary>
    public static IReadOnlyList<ObjectNotification>? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Of(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    static IReadOnlyList<ObjectNotification>? Of(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return null;
        if (message.TryGetProperty("Records", out var records) && records.ValueKind == JsonValueKind.Array)
            return [.. records.EnumerateArray().Where(IsCreation).Select(record => OfRecord(record)).OfType<ObjectNotification>()];
        if (message.Object("detail") is { } detail && detail.Object("object") is { } created)
        {
            return message.Text("detail-type") == "Object Created"
                ? [new(detail.Object("bucket")?.Text("name") ?? "", created.Text("key") ?? "", created.Text("etag") ?? "")]
                : [];
        }

        // S3 sends it when notifications are configured.
        if (message.Text("Event") == "s3:TestEvent")
            return [];
        return message.Text("Message") is { } inner ? Parse(inner) : null;
    }

    static bool IsCreation(JsonElement record) =>
        record.ValueKind == JsonValueKind.Object && record.Text("eventName") is { } name
            && name.Replace("s3:", "", StringComparison.Ordinal).StartsWith("ObjectCreated", StringComparison.Ordinal);

    static ObjectNotification? OfRecord(JsonElement record) =>
        record.Object("s3") is { } s3 && s3.Object("bucket")?.Text("name") is { } bucket && s3.Object("object") is { } created
            && created.Text("key") is { } key
            ? new(bucket, Uri.UnescapeDataString(key.Replace('+', ' ')), created.Text("eTag") ?? "")
            : null;
}

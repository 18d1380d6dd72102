using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

/// <summary>Writes <c>meta/v1</c> MicroTime, which the API server takes with exactly six decimals and no others.</summary>
sealed class MicroTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>Writes <c>meta/v1</c> MicroTime with exactly six decimals; the API server rejects the object otherwise.</summary>
/// <remarks>
/// The library's models do not distinguish such fields from a Time, and its own converter omits the decimals on a whole second.
/// </remarks>
static class MicroTimes
{
    static readonly Dictionary<Type, string[]> Fields = new()
    {
        [typeof(V1LeaseSpec)] = ["acquireTime", "renewTime"],
        [typeof(Eventsv1Event)] = ["eventTime"],
        [typeof(Eventsv1EventSeries)] = ["lastObservedTime"],
    };

    public static void Apply(JsonTypeInfo type)
    {
        if (!Fields.TryGetValue(type.Type, out var fields))
            return;
        foreach (var property in type.Properties.Where(property => fields.Contains(property.Name)))
            property.CustomConverter = property.PropertyType == typeof(DateTime) ? new Converter() : new OptionalConverter();
    }

    static void Write(Utf8JsonWriter writer, DateTime value) =>
        writer.WriteStringValue(value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    sealed class Converter : JsonConverter<DateTime>
    {
        public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset().UtcDateTime;

        public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => MicroTimes.Write(writer, value);
    }

    sealed class OptionalConverter : JsonConverter<DateTime?>
    {
        public override DateTime? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? null : reader.GetDateTimeOffset().UtcDateTime;

        public override void Write(Utf8JsonWriter writer, DateTime? value, JsonSerializerOptions options)
        {
            if (value is { } time)
                MicroTimes.Write(writer, time);
            else
                writer.WriteNullValue();
        }
    }
}

using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClusterTrail.Kubectl.Printing;

/// <summary>A value of a result as text and as JSON.</summary>
static class ValueText
{
    static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether it is written as a number is: infinity is not.</summary>
    internal static bool IsNumber(object? value) => value switch
    {
        double number => double.IsFinite(number),
        float number => float.IsFinite(number),
        sbyte or byte or short or ushort or int or uint or long or ulong or decimal or System.Numerics.BigInteger => true,
        _ => false,
    };

    /// <summary>Null is null; a list or a struct is JSON.</summary>
    internal static string? Of(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        DateTime time => Time(time),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        Stream or IEnumerable => Json(value),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    /// <summary>Writes a value as JSON has it: numbers, texts, lists and objects.</summary>
    internal static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case not null when IsNumber(value): json.WriteRawValue(Of(value)!); break;
            case IDictionary map: WriteMap(json, map); break;
            case Stream bytes: json.WriteStringValue(Base64(bytes)); break;
            case string text: json.WriteStringValue(text); break;
            case IEnumerable list: WriteList(json, list); break;
            default: json.WriteStringValue(Of(value)); break;
        }
    }

    static void WriteMap(Utf8JsonWriter json, IDictionary map)
    {
        json.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            json.WritePropertyName(Of(entry.Key) ?? "");
            Write(json, entry.Value);
        }

        json.WriteEndObject();
    }

    static void WriteList(Utf8JsonWriter json, IEnumerable list)
    {
        json.WriteStartArray();
        foreach (var item in list)
            Write(json, item);
        json.WriteEndArray();
    }

    static string Json(object value)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Readable))
            Write(json, value);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    static string Base64(Stream bytes)
    {
        using var copy = new MemoryStream();
        bytes.CopyTo(copy);
        return Convert.ToBase64String(copy.ToArray());
    }

    // A time without a zone is as it was written.
    static string Time(DateTime time) => time.ToString(
        time.Kind == DateTimeKind.Utc ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);
}

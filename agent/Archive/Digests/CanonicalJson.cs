using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>Canonical JSON (RFC 8785) of objects, arrays, strings, booleans and integers: one text for one value.</summary>
/// <remarks>
/// Assumptions: there are no other numbers and no nulls, so that nothing depends on how a language prints floating point. Guarantee: what
/// <see cref="Parse"/> accepts, <see cref="Write"/> writes back byte for byte.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>The largest integer that every JSON reader keeps: 2^53 - 1.</summary>
    public const long LargestInteger = 9_007_199_254_740_991;

    const int DeepestNesting = 16;

    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = DeepestNesting };

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The value has something that the subset does not have.</exception>
    public static byte[] Write(JsonNode value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return Utf8.GetBytes(text.ToString());
    }

    /// <exception cref="DigestException">It is not the canonical JSON of an object.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var node = JsonNode.Parse(json, null, Strict) as JsonObject
                ?? throw new DigestException(DigestFault.Malformed, "It is not a JSON object.");
            return json.SequenceEqual(Write(node))
                ? node
                : throw new DigestException(DigestFault.Malformed, "It is JSON, but not in its canonical form (RFC 8785).");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new DigestException(DigestFault.Malformed, $"It is not canonical JSON (RFC 8785): {e.Message}", e);
        }
    }

    static void Append(StringBuilder text, JsonNode? value)
    {
        switch (value)
        {
            case JsonObject members:
                AppendObject(text, members);
                break;
            case JsonArray items:
                AppendArray(text, items);
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.String:
                AppendString(text, scalar.GetValue<string>());
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                text.Append(scalar.GetValue<bool>() ? "true" : "false");
                break;
            case JsonValue scalar when scalar.GetValueKind() is JsonValueKind.Number && IsInteger(scalar, out var integer):
                text.Append(integer.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"{value?.ToJsonString() ?? "null"} is not allowed: only objects, arrays, strings, "
                    + "booleans and integers below 2^53 are.");
        }
    }

    // By its text, which says the same of every type that a number in memory may have.
    static bool IsInteger(JsonValue number, out long integer) =>
        long.TryParse(number.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer)
        && integer is >= -LargestInteger and <= LargestInteger;

    // By UTF-16 code units, which is what ordinal means here.
    static void AppendObject(StringBuilder text, JsonObject members)
    {
        var separator = '{';
        foreach (var (name, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
        {
            AppendString(text.Append(separator), name);
            Append(text.Append(':'), value);
            separator = ',';
        }

        text.Append(separator == '{' ? "{}" : "}");
    }

    static void AppendArray(StringBuilder text, JsonArray items)
    {
        var separator = '[';
        foreach (var item in items)
        {
            Append(text.Append(separator), item);
            separator = ',';
        }

        text.Append(separator == '[' ? "[]" : "]");
    }

    static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        var rest = value.AsSpan();
        while (rest.IndexOfAny(Escaped) is >= 0 and var at)
        {
            text.Append(rest[..at]).Append(Escape(rest[at]));
            rest = rest[(at + 1)..];
        }

        text.Append(rest).Append('"');
    }

    static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
    };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClusterTrail.Kubectl.Input;

/// <summary>Holds values against the part of OpenAPI that our custom resources use, rules in CEL apart.</summary>
sealed class SchemaCheck
{
    const int LongestValue = 120;

    readonly List<string> found = [];

    internal IReadOnlyList<string> Found => found;

    internal void Missing(string field, string allowed) => found.Add($"{field} is missing; allowed: {allowed}.");

    internal void CheckMember(JsonNode? value, string name, JsonObject properties, string field)
    {
        if (properties[name] is JsonObject schema)
            Check(value, schema, field);
        else
            found.Add($"{field} is not a field; allowed: {string.Join(", ", properties.Select(property => property.Key))}.");
    }

    internal void CheckRequired(JsonObject value, JsonObject schema, string field)
    {
        foreach (var name in Texts(schema["required"]).Where(name => value[name] is null))
            Missing(field.Length == 0 ? name : $"{field}.{name}", Allowed(schema["properties"]![name]!.AsObject()));
    }

    void Check(JsonNode? value, JsonObject schema, string field)
    {
        if (!IsOfType(value, schema))
            Wrong(field, value, Allowed(schema));
        else if (value is JsonObject members)
            CheckObject(members, schema, field);
        else if (value is JsonArray items)
            CheckList(items, schema, field);
        else if (!IsAllowed(value!, schema))
            Wrong(field, value, Allowed(schema));
    }

    void CheckObject(JsonObject members, JsonObject schema, string field)
    {
        var isOpen = schema["x-kubernetes-preserve-unknown-fields"] is not null;
        foreach (var (name, value) in members)
        {
            if (schema["additionalProperties"] is JsonObject any)
                Check(value, any, $"{field}.{name}");
            else if (!isOpen || schema["properties"]?[name] is not null)
                CheckMember(value, name, schema["properties"]?.AsObject() ?? [], $"{field}.{name}");
        }

        CheckRequired(members, schema, field);
    }

    void CheckList(JsonArray items, JsonObject schema, string field)
    {
        if (items.Count < (Number(schema, "minItems") ?? 0) || items.Count > (Number(schema, "maxItems") ?? int.MaxValue))
            found.Add($"{field} is {items.Count} values; allowed: {Number(schema, "minItems") ?? 0} to {Number(schema, "maxItems")}.");
        for (var at = 0; at < items.Count; at++)
            Check(items[at], schema["items"]!.AsObject(), $"{field}[{at}]");
    }

    void Wrong(string field, JsonNode? value, string allowed)
    {
        var text = value switch
        {
            null => "empty",
            JsonObject => "an object",
            JsonArray => "a list",
            _ when value.GetValueKind() == JsonValueKind.String =>
                value.GetValue<string>() is { Length: > 0 } some ? $"\"{some}\"" : "empty",
            _ => value.ToJsonString(),
        };
        found.Add($"{field} is {(text.Length > LongestValue ? text[..LongestValue] + "…" : text)}; allowed: {allowed}.");
    }

    static bool IsOfType(JsonNode? value, JsonObject schema) => value?.GetValueKind() switch
    {
        null => false,
        JsonValueKind.String when schema["x-kubernetes-int-or-string"] is not null => true,
        JsonValueKind.Number when schema["x-kubernetes-int-or-string"] is not null => true,
        JsonValueKind.Object => TypeOf(schema) == "object",
        JsonValueKind.Array => TypeOf(schema) == "array",
        JsonValueKind.String => TypeOf(schema) == "string",
        JsonValueKind.Number => TypeOf(schema) == "integer" && value!.AsValue().TryGetValue<long>(out _),
        _ => TypeOf(schema) == "boolean",
    };

    static bool IsAllowed(JsonNode value, JsonObject schema) => value.GetValueKind() switch
    {
        JsonValueKind.String => IsAllowed(value.GetValue<string>(), schema),
        JsonValueKind.Number when TypeOf(schema) == "integer" =>
            value.GetValue<long>() >= (Number(schema, "minimum") ?? long.MinValue)
                && value.GetValue<long>() <= (Number(schema, "maximum") ?? long.MaxValue),
        _ => true,
    };

    static bool IsAllowed(string text, JsonObject schema) =>
        (schema["enum"] is null || Texts(schema["enum"]).Contains(text))
        && text.Length >= (Number(schema, "minLength") ?? 0)
        && text.Length <= (Number(schema, "maxLength") ?? int.MaxValue)
        && (schema["pattern"] is null || Regex.IsMatch(text, $"{schema["pattern"]}", RegexOptions.NonBacktracking));

    static string Allowed(JsonObject schema) => TypeOf(schema) switch
    {
        _ when schema["enum"] is not null => string.Join(", ", Texts(schema["enum"])),
        "object" => "an object",
        "array" => "a list",
        "boolean" => "true or false",
        "integer" =>
            Number(schema, "minimum") is { } least ? $"a whole number from {least} to {Number(schema, "maximum")}" : "a whole number",
        "string" =>
            string.Join(
                " ", ["a text", .. Lengths(schema), .. schema["pattern"] is { } pattern ? new[] { $"that matches {pattern}" } : []]),
        _ => "a whole number or a text",
    };

    static IEnumerable<string> Lengths(JsonObject schema)
    {
        if (Number(schema, "maxLength") is { } most)
            yield return $"of {Number(schema, "minLength") ?? 0} to {most} characters";
    }

    static string? TypeOf(JsonObject schema) => (string?)schema["type"];

    static long? Number(JsonObject schema, string field) => schema[field]?.GetValue<long>();

    static IEnumerable<string> Texts(JsonNode? list) => list?.AsArray().Select(item => (string)item!) ?? [];
}

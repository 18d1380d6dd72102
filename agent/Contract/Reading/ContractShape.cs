using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ClusterTrail.Contract.Reading;

/// <summary>
/// Compares a JSON text with the type that it is read as: unknown, repeated, missing and mistyped fields, all of them in one pass.
/// </summary>
static class ContractShape
{
    public static void Check(JsonElement value, JsonTypeInfo type, string field, Problems problems)
    {
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(value, type, field, problems);
                break;
            case JsonTypeInfoKind.Enumerable:
                CheckList(value, type, field, problems);
                break;
            case JsonTypeInfoKind.Dictionary:
                CheckMap(value, type, field, problems);
                break;
            case JsonTypeInfoKind.None when typeof(JsonNode).IsAssignableFrom(type.Type):
                CheckFree(value, field, problems);
                break;
            default:
                CheckScalar(value, Nullable.GetUnderlyingType(type.Type) ?? type.Type, field, problems);
                break;
        }
    }

    static void CheckObject(JsonElement value, JsonTypeInfo type, string field, Problems problems)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add(field.Length == 0 ? "the file" : field, value, "an object");
            return;
        }

        var known = type.Properties.ToDictionary(property => property.Name);
        var seen = new HashSet<string>();
        foreach (var member in value.EnumerateObject())
        {
            var name = Join(field, member.Name);
            if (!seen.Add(member.Name))
            {
                problems.AddText(name, "is given twice; allowed: once.");
            }
            else if (RemovedField(type.Type, member.Name) is { } removed)
            {
                problems.AddText(name, removed.Text);
            }
            else if (!known.TryGetValue(member.Name, out var property))
            {
                problems.AddText(name, $"is not a field; allowed: {string.Join(", ", known.Keys)}.");
            }
            else if (member.Value.ValueKind != JsonValueKind.Null || !property.IsSetNullable)
            {
                Check(member.Value, type.Options.GetTypeInfo(property.PropertyType), name, problems);
            }
        }

        foreach (var missing in type.Properties.Where(property => property.IsRequired && !value.TryGetProperty(property.Name, out _)))
        {
            problems.Add(Join(field, missing.Name), null, Allowed(missing.PropertyType));
        }
    }

    static RemovedFieldAttribute? RemovedField(Type type, string name) =>
        type.GetCustomAttributes<RemovedFieldAttribute>().FirstOrDefault(removed => removed.Name == name);

    static void CheckList(JsonElement value, JsonTypeInfo type, string field, Problems problems)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            problems.Add(field, value, "a list");
            return;
        }

        var at = 0;
        foreach (var item in value.EnumerateArray())
        {
            Check(item, type.Options.GetTypeInfo(type.ElementType!), $"{field}[{at++}]", problems);
        }
    }

    // Any object will do.
    static void CheckFree(JsonElement value, string field, Problems problems)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add(field, value, "an object");
        }
    }

    static void CheckMap(JsonElement value, JsonTypeInfo type, string field, Problems problems)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add(field, value, "an object");
            return;
        }

        var seen = new HashSet<string>();
        foreach (var member in value.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                problems.AddText(Join(field, member.Name), "is given twice; allowed: once.");
            }

            Check(member.Value, type.Options.GetTypeInfo(type.ElementType!), Join(field, member.Name), problems);
        }
    }

    static void CheckScalar(JsonElement value, Type type, string field, Problems problems)
    {
        var isRight = type switch
        {
            _ when type == typeof(string) => value.ValueKind == JsonValueKind.String,
            _ when type == typeof(bool) => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            _ when type == typeof(double) => value.ValueKind == JsonValueKind.Number,
            _ when type == typeof(int) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _),
            _ when type == typeof(long) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => value.ValueKind == JsonValueKind.String && WordsOf(type).Contains(value.GetString()),
        };
        if (!isRight)
        {
            problems.Add(field, value, Allowed(type));
        }
    }

    static string Allowed(Type type) => type switch
    {
        _ when type == typeof(string) => "a string",
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(double) => "a number",
        _ when type == typeof(int) => $"a whole number of at most {int.MaxValue}",
        _ when type == typeof(long) => $"a whole number of at most {long.MaxValue}",
        { IsEnum: true } => string.Join(", ", WordsOf(type)),
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) => "an object",
        _ when type.IsGenericType => "a list",
        _ => "an object",
    };

    // A word's own spelling, where it has one.
    static IEnumerable<string> WordsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(word => word.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? word.Name);

    static string Join(string field, string name) => field.Length == 0 ? name : $"{field}.{name}";
}

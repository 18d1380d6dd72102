using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ClusterTrail.Contract;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Trails.Tests.Schema;

/// <summary>Where a schema and the record that it is read into do not say the same.</summary>
sealed class RecordDifferences
{
    // Words that we only pass on, so that they are texts to us.
    static readonly string[] PassedOn = ["imagePullPolicy", "status.conditions[].status", "status.trails[].conditions[].status"];

    readonly List<string> found = [];

    /// <summary>The fields that were compared, so that a walk that stops early is noticed.</summary>
    public HashSet<string> Compared { get; } = [];

    public IReadOnlyList<string> Found => found;

    public void Compare(JsonObject schema, Type type, string field)
    {
        Compared.Add(field);
        var actual = Nullable.GetUnderlyingType(type) ?? type;
        var info = KubernetesJson.Options.GetTypeInfo(actual);
        if (typeof(JsonNode).IsAssignableFrom(actual))
            Expect(field, (string?)schema["type"], actual == typeof(JsonArray) ? "array" : "object");
        else if (info.Kind == JsonTypeInfoKind.Dictionary)
            Compare(schema["additionalProperties"]!.AsObject(), info.ElementType!, $"{field}.*");
        else if (info.Kind == JsonTypeInfoKind.Enumerable)
            Compare(schema.Items(), info.ElementType!, $"{field}[]");
        else if (info.Kind == JsonTypeInfoKind.Object)
            CompareObject(schema, info, field);
        else
            CompareScalar(schema, actual, field);
    }

    void CompareObject(JsonObject schema, JsonTypeInfo record, string field)
    {
        var properties = schema["properties"]!.AsObject();
        Expect($"fields of {field}", Joined(properties.Select(property => property.Key)),
            Joined(record.Properties.Select(property => property.Name)));
        // A condition is Kubernetes' own, and its record leaves to the writer what must be there.
        if (record.Type != typeof(V1Condition))
            Expect($"required fields of {field}", Joined(schema.Required()),
                Joined(record.Properties.Where(property => property.IsRequired).Select(property => property.Name)));
        var instance = Samples.Least(schema).Deserialize(record.Type, KubernetesJson.Options)!;
        foreach (var property in record.Properties.Where(property => properties[property.Name] is not null))
        {
            var its = schema.Property(property.Name);
            if (!schema.Required().Contains(property.Name))
                CompareDefault(its, property, property.Get!(instance), $"{field}.{property.Name}");
            Compare(its, property.PropertyType, $"{field}.{property.Name}");
        }
    }

    void CompareDefault(JsonObject schema, JsonPropertyInfo property, object? value, string field)
    {
        var expected = schema["default"] is { } given
            ? JsonSerializer.SerializeToNode(given.Deserialize(property.PropertyType, KubernetesJson.Options), KubernetesJson.Options)
            : null;
        var actual = JsonSerializer.SerializeToNode(value, KubernetesJson.Options);
        if (expected is null && IsNothing(value))
            return;
        Expect($"default of {field}", expected?.ToJsonString(), actual?.ToJsonString());
    }

    static bool IsNothing(object? value) => value switch
    {
        null or "" or false or 0 or 0L => true,
        System.Collections.IEnumerable items => !items.GetEnumerator().MoveNext(),
        LabelSelector selector => IsNothing(selector.MatchLabels) && IsNothing(selector.MatchExpressions),
        _ => false,
    };

    void CompareScalar(JsonObject schema, Type type, string field)
    {
        var (expected, format) = type switch
        {
            _ when type == typeof(bool) => ("boolean", null),
            _ when type == typeof(int) => ("integer", "int32"),
            _ when type == typeof(long) => ("integer", "int64"),
            _ when type == typeof(DateTimeOffset) || type == typeof(DateTime) => ("string", "date-time"),
            _ => ("string", (string?)null),
        };
        Expect($"type of {field}", (string?)schema["type"], expected);
        Expect($"format of {field}", (string?)schema["format"], format);
        if (!PassedOn.Any(passed => field.EndsWith(passed, StringComparison.Ordinal)))
            Expect($"words of {field}", Joined(schema["enum"]?.AsArray().Select(word => (string)word!) ?? []),
                Joined(type.IsEnum ? Words(type) : []));
    }

    static IEnumerable<string> Words(Type type) =>
        from object word in Enum.GetValues(type)
        select (string)JsonSerializer.SerializeToNode(word, type, KubernetesJson.Options)!;

    void Expect(string what, string? schema, string? record)
    {
        if (schema != record)
            found.Add($"{what}: {schema ?? "none"} in the schema, {record ?? "none"} in the record");
    }

    static string Joined(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}

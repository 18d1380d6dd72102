using System.Text.Json.Nodes;

namespace ClusterTrail.Testing;

/// <summary>The fields of an object by their paths, as server-side apply owns them. Lists count as one value.</summary>
static class FieldPath
{
    const char Separator = '\u001f';

    public static HashSet<string> LeavesOf(JsonObject json)
    {
        var leaves = new HashSet<string>();
        Collect(json, "", leaves);
        return leaves;
    }

    public static JsonNode? Get(JsonObject json, string path)
    {
        JsonNode? at = json;
        foreach (var name in path.Split(Separator))
            at = (at as JsonObject)?[name];
        return at;
    }

    public static void Set(JsonObject json, string path, JsonNode? value)
    {
        var names = path.Split(Separator);
        var at = json;
        foreach (var name in names[..^1])
        {
            if (at[name] is not JsonObject inner)
                at[name] = inner = [];
            at = inner;
        }

        at[names[^1]] = value?.DeepClone();
    }

    /// <summary>Removes the field, and the objects around it that are empty then.</summary>
    public static void Remove(JsonObject json, string path)
    {
        var names = path.Split(Separator);
        Remove(json, names);
    }

    /// <summary>Whether one of them is the other, or lies in it.</summary>
    public static bool Overlap(string one, string other) =>
        one == other || one.StartsWith(other + Separator, StringComparison.Ordinal) || other
            .StartsWith(one + Separator, StringComparison.Ordinal);

    public static string Readable(string path) => "." + path.Replace(Separator, '.');

    static void Remove(JsonObject json, ReadOnlySpan<string> names)
    {
        if (names.Length > 1 && json[names[0]] is JsonObject inner)
        {
            Remove(inner, names[1..]);
            if (inner.Count > 0)
                return;
        }

        json.Remove(names[0]);
    }

    static void Collect(JsonObject json, string prefix, HashSet<string> leaves)
    {
        foreach (var (name, value) in json)
        {
            if (value is JsonObject { Count: > 0 } inner)
                Collect(inner, prefix + name + Separator, leaves);
            else
                leaves.Add(prefix + name);
        }
    }
}
